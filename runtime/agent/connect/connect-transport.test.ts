import { describeTransport } from "../testing/transport-contract.js";
import { ConnectTransport } from "./connect-transport.js";

describeTransport("the Connect transport", ({ url }) => new ConnectTransport(url));
