package dev.holdfast.it.programs.invalid;

import dev.holdfast.InvalidPolicyException;
import dev.holdfast.it.programs.Action;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Workers;

/** The first call of a method with an invalid definition, and every later one. */
public final class Called {

    private static final String PLACE = "dev.holdfast.it.programs.invalid.Quotes.";

    /** A call that must fail, with a message of one line that has all these parts. */
    private static void fault(Action call, String... parts) {
        String message = Expect.thrown(InvalidPolicyException.class, call).getMessage();
        for (String part : parts) {
            Expect.contains(part, message);
        }
        Expect.equal(1L, message.lines().count());
        Expect.contains(PLACE, message);
    }

    @Case
    void nothing_that_it_could_do() {
        fault(Quotes::bare, "Quotes.bare()", "@Recover");
        fault(Quotes::withoutEffect, "Quotes.withoutEffect()", "@Recover");
    }

    @Case
    void attempts() {
        fault(Quotes::attempts, "Quotes.attempts(): @Recover", "attempts", "0");
    }

    @Case
    void durations() {
        fault(Quotes::delay, "delay", "\"5 minutes\"", "100ms");
        fault(Quotes::isoDelay, "delay", "\"PT5S\"");
        fault(Quotes::maxDelay, "maxDelay", "\"-1s\"");
        fault(Quotes::within, "within", "\"soon\"");
        fault(Quotes::timeout, "timeout", "\"1.5s\"");
        fault(Quotes::lastGood, "lastGood", "\"1y\"");
    }

    @Case
    void numbers() {
        fault(Quotes::multiplier, "multiplier", "0.5");
        fault(Quotes::jitter, "jitter", "1.5");
        fault(Quotes::jitterNaN, "jitter", "NaN");
        fault(Quotes::maxConcurrent, "maxConcurrent", "-1");
    }

    @Case
    void breakers() {
        fault(Quotes::twoBreakers, "breaker");
        fault(Quotes::failureRate, "failureRate", "0");
        fault(Quotes::failureRateAbove, "failureRate", "101");
        fault(Quotes::slowRate, "slowRate", "-5");
        fault(Quotes::slowerThan, "slowerThan", "\"slow\"");
        fault(Quotes::window, "window", "0");
        fault(Quotes::twoWindows, "window", "windowTime");
        fault(Quotes::windowTime, "windowTime", "\"10\"");
        fault(Quotes::minCalls, "minCalls", "0");
        fault(Quotes::openFor, "openFor", "0s");
        fault(Quotes::probes, "probes", "0");
    }

    @Case
    void a_fallback_that_is_not_there() {
        fault(
                () -> Quotes.quote("a"),
                "dev.holdfast.it.programs.invalid.Quotes.quote(String): @Recover fallback \"cached\" not found; expected:"
                        + " Quote cached(String) or Quote cached(String, Throwable) in"
                        + " dev.holdfast.it.programs.invalid.Quotes");
    }

    @Case
    void fallbacks_that_do_not_fit() {
        fault(() -> Quotes.wrongFallbackResult("a"), "fallback \"wrongResult\"", "Quote wrongResult(String)");
        fault(
                () -> Quotes.wrongFallbackParameters("a"),
                "fallback \"wrongParameters\"",
                "Quote wrongParameters(String)");
        fault(() -> Quotes.staticWithInstanceFallback("a"), "fallback \"instance\"", "static");
    }

    @Case
    void handlers_that_cannot_be_made() {
        fault(Quotes::needyHandler, "handler", "Needy");
        fault(Quotes::abstractHandler, "handler", "Unmade");
    }

    @Case
    void all_faults_are_in_one_message_a_line_each() {
        String message =
                Expect.thrown(InvalidPolicyException.class, Quotes::many).getMessage();
        String[] lines = message.lines().toArray(String[]::new);
        Expect.equal(6, lines.length);
        for (String line : lines) {
            Expect.contains(PLACE + "many(): @Recover", line);
        }
        for (String part : new String[] {"attempts", "delay", "jitter", "fallback \"nowhere\"", "window", "probes"}) {
            Expect.contains(part, message);
        }
        for (String value : new String[] {"-3", "\"never\"", "2", "-1", "-2"}) {
            Expect.contains(value, message);
        }
    }

    @Case
    void later_calls_and_other_threads_say_the_same() throws Throwable {
        String first =
                Expect.thrown(InvalidPolicyException.class, Quotes::attempts).getMessage();
        for (int i = 0; i < 3; i++) {
            Expect.equal(
                    first,
                    Expect.thrown(InvalidPolicyException.class, Quotes::attempts)
                            .getMessage());
        }
        Workers.start(
                        4,
                        () -> Expect.equal(
                                first,
                                Expect.thrown(InvalidPolicyException.class, Quotes::attempts)
                                        .getMessage()))
                .join();
    }

    @Case(bare = true)
    void a_sound_method_of_the_same_class_works() {
        Expect.equal("sound", Quotes.sound());
    }
}
