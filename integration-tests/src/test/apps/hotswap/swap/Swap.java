package swap;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;

/** A debugger, as far as this matters: puts a new version of a class in the place of the one that runs. */
public final class Swap {

    private static Instrumentation jvm;

    public static void premain(String arguments, Instrumentation given) {
        jvm = given;
    }

    @Case
    void a_new_version_runs_under_its_own_annotations_and_keeps_the_state_of_those_that_stayed() throws Exception {
        Quotes quotes = new Quotes();
        // A call that is made before, and the same one after.
        expect(2, "old", quotes, quotes::quote);
        expect(3, "old", quotes, quotes::plain);
        expect(1, "old", quotes, quotes::bare);
        for (int i = 0; i < 2; i++) {
            Expect.thrown(IllegalStateException.class, Quotes::broken);
        }
        Expect.thrown(BreakerOpenException.class, Quotes::broken);

        byte[] next = Files.readAllBytes(Path.of(System.getProperty("swap.next"), "swap", "Quotes.class"));
        jvm.redefineClasses(new ClassDefinition(Quotes.class, next));

        expect(4, "new", quotes, quotes::quote);
        expect(1, "new", quotes, quotes::plain);
        // The JVM lets no loaded class get another method, so there is no place for its body.
        expect(1, "new", quotes, quotes::bare);
        Expect.thrown(BreakerOpenException.class, Quotes::broken);
    }

    private static void expect(int attempts, String version, Quotes quotes, dev.holdfast.it.programs.Action call) {
        quotes.attempts = 0;
        IllegalStateException failure = Expect.thrown(IllegalStateException.class, call);
        Expect.equal(version, failure.getMessage());
        Expect.equal(attempts, quotes.attempts);
    }
}
