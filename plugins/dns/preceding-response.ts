import { RecordType, State } from "../../generated/dns/record.js";

/** The response that was seen last in a stream, by which one without a query of its own is distinguished. */
export class PrecedingResponse {
  /** -1 before there is one. */
  #id = -1;
  /** Hash of its question, 0 where that is not known. */
  #question = 0;
  #isTransfer = false;

  /** A response that is not a further one: its id, the hash of what it responds to, and the type of that. */
  set(id: number, question: number, queryType: number | null): void {
    this.#id = id;
    this.#question = question;
    this.#isTransfer = queryType === RecordType.AXFR || queryType === RecordType.IXFR;
  }

  /**
   * State of the next response, whose query is not known: a zone transfer may continue in further messages of the same id, with the question
   * or without one (RFC 5936, section 2.2); another response is then the same one again. `question` is the hash of what it responds to.
   */
  stateOfNext(id: number, hasQuestion: boolean, question: number): number {
    if (id !== this.#id || (hasQuestion && question !== this.#question)) return State.UNSOLICITED;
    return this.#isTransfer ? State.CONTINUATION : State.REPEATED;
  }
}
