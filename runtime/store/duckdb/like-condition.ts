import { type Expression, type SqlBool, sql } from "kysely";
import { likeExpression } from "../../schema/text-match.js";

/**
 * `%` in a pattern at most for DuckDB's own LIKE, whose time grows with the text's length to their power; patterns
 * with more are matched as regular expressions, in linear time.
 */
const MAX_LIKE_WILDCARDS = 2;

/** Whether a whole text matches a `like` pattern. */
export function likeCondition(text: Expression<unknown>, pattern: string): Expression<SqlBool> {
  if (pattern.split("%").length - 1 > MAX_LIKE_WILDCARDS) {
    return sql<SqlBool>`regexp_full_match(${text}, ${likeExpression(pattern)}, 's')`;
  }
  return sql<SqlBool>`${text} LIKE ${pattern} ESCAPE '\\'`;
}
