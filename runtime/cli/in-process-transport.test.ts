import { describeTransport } from "../agent/testing/transport-contract.js";
import { InProcessTransport } from "./in-process-transport.js";

describeTransport("the in-process transport", ({ ingest }) => new InProcessTransport(ingest));
