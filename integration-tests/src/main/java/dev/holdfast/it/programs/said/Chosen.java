package dev.holdfast.it.programs.said;

import dev.holdfast.Recover;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Upstream;

/** Prints how often the bodies of two classes ran that always fail: what settings leave woven. */
public final class Chosen {

    private Chosen() {}

    static class One {
        @Recover(attempts = 3, delay = "0s")
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    static class Two {
        @Recover(attempts = 3, delay = "0s")
        static Object call(Upstream upstream) {
            return upstream.call();
        }
    }

    public static void main(String[] arguments) {
        IllegalStateException failure = new IllegalStateException("planned");
        Upstream one = new Upstream(failure);
        Upstream two = new Upstream(failure);
        Expect.thrown(failure, () -> One.call(one));
        Expect.thrown(failure, () -> Two.call(two));
        System.out.println(
                "one " + one.calls() + ", two " + two.calls() + ", methods " + One.class.getDeclaredMethods().length);
    }
}
