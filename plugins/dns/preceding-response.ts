import { RecordType, State } from "../../generated/dns/dns_enums.js";

/** The last response of a stream, by which the state of a response without a query is decided. */
export class PrecedingResponse {
  /** -1 before there is one. */
  #id = -1;
  /** Hash of its question, 0 if that is not known. */
  #question = 0;
  #isTransfer = false;

  /** A response that is not a further one: its id, the hash of what it responds to, and the type of that. */
  set(id: number, question: number, queryType: number | null): void {
    this.#id = id;
    this.#question = question;
    this.#isTransfer = queryType === RecordType.AXFR || queryType === RecordType.IXFR;
  }

  /**
   * State of the next response, whose query is not known: a zone transfer may continue in further messages of the same id, with or without
   * the question (RFC 5936, section 2.2); any other response with that id is a repeated one. `question` is the hash of what it responds to.
   */
  stateOfNext(id: number, hasQuestion: boolean, question: number): number {
    if (id !== this.#id || (hasQuestion && question !== this.#question)) return State.UNSOLICITED;
    return this.#isTransfer ? State.CONTINUATION : State.REPEATED;
  }
}
