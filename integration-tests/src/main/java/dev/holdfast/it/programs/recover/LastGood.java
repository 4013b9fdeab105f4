package dev.holdfast.it.programs.recover;

import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import java.io.IOException;
import java.util.List;

/** The last good result for equal arguments. */
public final class LastGood {

    private final IOException failure = new IOException("down");

    /** What the bodies below call; not a parameter, for the arguments are what is remembered. */
    private static volatile Upstream upstream;

    private static void plays(Object... outcomes) {
        upstream = new Upstream(outcomes);
    }

    /** Equal to others of the same text, without being the same. */
    record Key(String text) {}

    @Recover(lastGood = "1h")
    static Object statics(Object key, int number) {
        return upstream.call();
    }

    @Recover(lastGood = "1h")
    Object instance(String key) {
        return upstream.call();
    }

    @Recover(lastGood = "1h")
    Object nothing() {
        return upstream.call();
    }

    @Recover(lastGood = "1h")
    static Object arrays(int[] numbers, String[][] texts) {
        return upstream.call();
    }

    @Recover(lastGood = "1h")
    static Object varargs(Object... keys) {
        return upstream.call();
    }

    @Recover(lastGood = "1h")
    static long primitive(double a, long b, char c) {
        return LastGood.<Long>next();
    }

    private static <T> T next() {
        return upstream.call();
    }

    @Case
    void is_given_for_equal_arguments_alone() {
        plays("good", failure);
        Expect.equal("good", statics(new Key("a"), 1));
        Expect.equal("good", statics(new Key("a"), 1));
        Expect.equal(2, upstream.calls());
        Expect.thrown(failure, () -> statics(new Key("b"), 1));
        Expect.thrown(failure, () -> statics(new Key("a"), 2));
        Expect.thrown(failure, () -> statics(null, 1));
    }

    @Case
    void null_arguments_and_null_results_count() {
        plays(null, failure);
        Expect.equal(null, statics(null, 3));
        Expect.equal(null, statics(null, 3));
    }

    @Case
    void the_newest_wins() {
        plays("old", "new", failure);
        statics("newest", 0);
        statics("newest", 0);
        Expect.equal("new", statics("newest", 0));
    }

    @Case
    void the_receiver_counts_by_identity() {
        plays("good", failure);
        Expect.equal("good", instance("k"));
        Expect.thrown(failure, () -> new LastGood().instance("k"));
        Expect.equal("good", instance("k"));
    }

    record Receiver(String text) {
        @Recover(lastGood = "1h")
        Object call() {
            return upstream.call();
        }
    }

    @Case
    void an_equal_receiver_is_another() {
        plays("good", failure);
        Receiver receiver = new Receiver("same");
        Expect.equal("good", receiver.call());
        Expect.equal("good", receiver.call());
        Expect.thrown(failure, () -> new Receiver("same").call());
    }

    @Case
    void works_without_arguments() {
        plays("good", failure);
        Expect.equal("good", nothing());
        Expect.equal("good", nothing());
    }

    @Case
    void arrays_count_by_content() {
        plays("good", failure);
        Expect.equal("good", arrays(new int[] {1, 2}, new String[][] {{"a"}, {"b"}}));
        Expect.equal("good", arrays(new int[] {1, 2}, new String[][] {{"a"}, {"b"}}));
        Expect.thrown(failure, () -> arrays(new int[] {2, 1}, new String[][] {{"a"}, {"b"}}));
        Expect.thrown(failure, () -> arrays(new int[] {1, 2}, new String[][] {{"a"}, {"c"}}));
    }

    @Case
    void an_array_that_is_changed_later_does_not_change_the_key() {
        plays("good", failure);
        int[] numbers = {1, 2, 3};
        Expect.equal("good", arrays(numbers, null));
        numbers[0] = 9;
        Expect.thrown(failure, () -> arrays(numbers, null));
        Expect.equal("good", arrays(new int[] {1, 2, 3}, null));
    }

    @Case
    void varargs_count_by_content() {
        plays("good", failure);
        Expect.equal("good", varargs("a", 1));
        Expect.equal("good", varargs("a", 1));
        Expect.thrown(failure, () -> varargs("a", 2));
        Expect.thrown(failure, () -> varargs());
    }

    @Case
    void primitives_count_by_value() {
        plays(7L, failure);
        Expect.equal(7L, primitive(1.5, 2, 'c'));
        Expect.equal(7L, primitive(1.5, 2, 'c'));
        Expect.thrown(failure, () -> primitive(1.5, 3, 'c'));
    }

    @Recover(lastGood = "20ms")
    static Object shortLived(String key) {
        return upstream.call();
    }

    @Case
    void is_not_given_when_it_is_older() {
        plays("good", failure);
        Expect.equal("good", shortLived("k"));
        long later = System.nanoTime() + 60_000_000;
        Expect.eventually(() -> System.nanoTime() - later > 0);
        Expect.thrown(failure, () -> shortLived("k"));
    }

    @Recover(lastGood = "1h", fallback = "instead", attempts = 2, delay = "0s", except = IllegalStateException.class)
    static Object beforeFallback(String key) {
        return upstream.call();
    }

    static Object instead(String key) {
        return "fallback";
    }

    @Case
    void comes_after_the_last_attempt_and_before_the_fallback() {
        plays("good", failure, failure, failure, failure);
        Expect.equal("good", beforeFallback("k"));
        Expect.equal("good", beforeFallback("k"));
        Expect.equal(3, upstream.calls());
        Expect.equal("fallback", beforeFallback("other"));
        // A fallback's result is not a good result.
        Expect.equal("fallback", beforeFallback("other"));
    }

    @Case
    void is_not_given_for_failures_that_are_let_through() {
        IllegalStateException through = new IllegalStateException();
        plays("good", through);
        Expect.equal("good", beforeFallback("through"));
        Expect.thrown(through, () -> beforeFallback("through"));
    }

    @Case
    void a_retried_success_is_good() {
        plays(failure, "good", failure);
        Expect.equal("good", beforeFallback("retried"));
        Expect.equal("good", beforeFallback("retried"));
    }

    @Recover(lastGood = "1h")
    static Object reassigns(String key, int[] numbers) {
        Object result = upstream.call();
        key = "reassigned";
        numbers = new int[] {0};
        return result;
    }

    @Case
    void the_arguments_are_those_that_were_passed() {
        plays("good", failure);
        Expect.equal("good", reassigns("k", new int[] {1}));
        Expect.equal("good", reassigns("k", new int[] {1}));
        Expect.thrown(failure, () -> reassigns("reassigned", new int[] {0}));
    }

    @Case
    void ten_thousand_keys_do_not_break_it() {
        plays("good");
        for (int i = 0; i < 10_000; i++) {
            Expect.equal("good", statics("many", i));
        }
        Expect.equal(List.of("good"), List.of(statics("many", 9_999)));
    }
}
