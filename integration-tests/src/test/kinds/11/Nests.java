package kinds.policy;

import dev.holdfast.it.programs.kinds.Kinds;
import dev.holdfast.it.programs.kinds.Plan;
import java.util.function.UnaryOperator;

/** What came with Java 9 to 11: private methods of interfaces, access within a nest, concatenation by invokedynamic. */
public final class Nests {

    interface Privates {
        @Policy private String hidden(String a, long b) { Plan.begin(a, b); var r = a + b; a = null; b = 0; Plan.end(); return r; }
        private String instead(String a, long b) { Plan.instead(a, b); return "instead"; }

        @Policy private static String hiddenStatic(String a, double b) { Plan.begin(a, b); var r = a + b; a = null; b = 0; Plan.end(); return r; }
        private static String instead(String a, double b) { Plan.instead(a, b); return "instead"; }

        default String reach(String a, long b) { return hidden(a, b); }
    }

    private static class Nested {
        private final String secret = "secret";

        @Policy private String nested(String a, char b) { Plan.begin(a, b); var r = a + b + secret; a = null; b = 0; Plan.end(); return r; }
        private String instead(String a, char b) { Plan.instead(a, b); return "instead"; }
    }

    public static void declare(Kinds kinds) throws Exception {
        Privates privates = new Privates() {};
        kinds.kind("private_of_an_interface", "a1", "instead", () -> privates.reach("a", 1));
        kinds.kind("private_static_of_an_interface", "a1.5", "instead", () -> Privates.hiddenStatic("a", 1.5));
        var nested = new Nested();
        kinds.kind("private_of_a_nestmate", "absecret", "instead", () -> nested.nested("a", 'b'));
        UnaryOperator<String> reference = a -> nested.nested(a, 'c');
        kinds.check("through_a_reference", () -> {
            if (!kinds.policy().equals("breaker") && !reference.apply("a").equals("acsecret")) {
                throw new AssertionError();
            }
        });
    }
}
