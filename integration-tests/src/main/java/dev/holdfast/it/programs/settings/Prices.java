package dev.holdfast.it.programs.settings;

import dev.holdfast.Recover;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Prints how often the bodies of two methods run that always fail; with a file and a text as arguments, then writes the text to
 * the file, and prints it again once that has changed something or after a while.
 */
public final class Prices {

    private Prices() {}

    @Recover(attempts = 3, delay = "0s")
    static Object one(Upstream upstream) {
        return upstream.call();
    }

    @Recover(attempts = 3, delay = "0s")
    static Object two(Upstream upstream) {
        return upstream.call();
    }

    public static void main(String[] arguments) throws IOException {
        String first = attempts();
        System.out.println(first);
        if (arguments.length == 2) {
            Files.writeString(Path.of(arguments[0]), arguments[1]);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(6);
            String now = first;
            while (now.equals(first) && System.nanoTime() < end) {
                LockSupport.parkNanos(50_000_000);
                now = attempts();
            }
            System.out.println(now);
        }
    }

    private static String attempts() {
        IllegalStateException failure = new IllegalStateException("planned");
        Upstream one = new Upstream(failure);
        Upstream two = new Upstream(failure);
        Expect.thrown(failure, () -> one(one));
        Expect.thrown(failure, () -> two(two));
        return "one " + one.calls() + ", two " + two.calls();
    }
}
