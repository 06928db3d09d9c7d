import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_ANSWERED, ResponseOrder } from "./response-order.js";

/** A connection whose messages are 10 bytes each; positions are kept for both sides. */
function connection() {
  const order = new ResponseOrder();
  let client = 0;
  let server = 0;
  const ask = () => {
    const number = order.request({ position: client, acknowledged: server, otherPosition: server }, 0);
    client += 10;
    return number;
  };
  const answer = (acknowledged = client) => {
    const number = order.expected({ acknowledged });
    if (number !== NO_ANSWERED) order.answer();
    server += 10;
    return number;
  };
  const lose = (isFromServer: boolean) => {
    if (isFromServer) server += 10;
    else client += 10;
    order.lose(isFromServer);
  };
  return { ask, answer, lose };
}

describe("without loss", () => {
  it("responses are for the requests in order, however many are ahead", () => {
    const { ask, answer } = connection();
    expect([ask(), answer(), ask(), ask(), ask(), answer(), answer(), ask(), answer(), answer()]).toEqual([
      0, 0, 1, 2, 3, 1, 2, 4, 3, 4,
    ]);
    expect(answer()).toBe(NO_ANSWERED);
  });

  it("a response is for no request that its sender did not have", () => {
    const { ask, answer } = connection();
    ask();
    expect(answer(0)).toBe(NO_ANSWERED);
    expect(answer(10)).toBe(0);
  });
});

describe("a client that waits for each response", () => {
  it("has a lost request whose response is for none, and is in step again", () => {
    const { ask, answer, lose } = connection();
    ask();
    answer();
    lose(false);
    expect(answer()).toBe(NO_ANSWERED);
    expect(ask()).toBe(1);
    expect(answer()).toBe(1);
  });

  it("has a lost response whose request is for none, and is in step again", () => {
    const { ask, answer, lose } = connection();
    ask();
    lose(true);
    expect(ask()).toBe(1);
    expect(answer()).toBe(1);
  });

  it("loses both, and is in step again", () => {
    const { ask, answer, lose } = connection();
    ask();
    lose(true);
    lose(false);
    expect(answer()).toBe(NO_ANSWERED);
    expect(ask()).toBe(1);
    expect(answer()).toBe(1);
  });

  it("has lost no request where the response to the one before was its last", () => {
    const { ask, answer, lose } = connection();
    ask();
    answer();
    lose(false);
    expect(ask()).toBe(1);
    expect(answer()).toBe(1);
    expect([ask(), answer()]).toEqual([2, 2]);
  });

  it("is not known to wait before its first response", () => {
    const { ask, answer, lose } = connection();
    lose(false);
    ask();
    expect(answer()).toBe(NO_ANSWERED);
  });

  it("may have lost what came before the response", () => {
    const { ask, answer, lose } = connection();
    ask();
    lose(true);
    expect(answer()).toBe(0);
  });
});

it("of a client that asks ahead nothing after a loss is paired", () => {
  for (const isFromServer of [true, false]) {
    const { ask, answer, lose } = connection();
    ask();
    ask();
    lose(isFromServer);
    ask();
    const numbers = [answer(), answer(), answer()];
    // Before a request that was lost the order is sure.
    expect(numbers).toEqual(isFromServer ? [-1, -1, -1] : [0, 1, -1]);
  }
});

it("never gives a request another one's response, whatever is lost, of a client that asks ahead or does not", () => {
  // Each exchange: is the request captured, is the response, how many further requests are sent before the response.
  const exchange = (most: number) => fc.record({ request: fc.boolean(), response: fc.boolean(), ahead: fc.nat(most) });
  const waiting = fc.array(exchange(0), { maxLength: 12 });
  // It was seen to ask ahead; one that does so for the first time where packets are lost is not noticed.
  const seen = { request: true, response: true, ahead: 1 };
  const ahead = fc.array(exchange(2), { maxLength: 12 }).map((exchanges) => [seen, seen, ...exchanges]);
  let paired = 0;
  fc.assert(
    fc.property(fc.oneof(waiting, ahead), (exchanges) => {
      const order = new ResponseOrder();
      let client = 0;
      let server = 0;
      let sent = 0;
      const numbers = new Map<number, number>();
      const request = () => {
        const index = sent++;
        if (exchanges[index]!.request) {
          const number = order.request({ position: client, acknowledged: server, otherPosition: server }, 0);
          numbers.set(number, index);
        } else order.lose(false);
        client += 10;
      };
      for (const [index, { response, ahead }] of exchanges.entries()) {
        while (sent < exchanges.length && sent <= index + ahead) request();
        if (response) {
          const number = order.expected({ acknowledged: client });
          if (number !== NO_ANSWERED) {
            expect(numbers.get(number)).toBe(index);
            order.answer();
            paired++;
          }
        } else order.lose(true);
        server += 10;
      }
    }),
    { numRuns: 2000 },
  );
  expect(paired).toBeGreaterThan(1000);
});
