/** Title of the project's captures in reports and records. */
export const OWN_CAPTURES = "The project's captures";
