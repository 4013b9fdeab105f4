package dev.holdfast.it.programs.invalid;

import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;

/** With {@code holdfast.invalid=warn} a method with an invalid definition runs as if it had none. */
public final class Unprotected {

    @Case(bare = true)
    void runs_as_if_it_were_not_annotated() {
        for (int i = 0; i < 2; i++) {
            Quotes.bare();
            Quotes.attempts();
            Quotes.many();
            Expect.equal(new Quotes.Quote("a"), Quotes.quote("a"));
        }
    }

    @Case(bare = true)
    void others_are_not_touched_by_that() {
        Expect.equal("sound", Quotes.sound());
    }
}
