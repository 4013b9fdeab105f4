package kinds.policy;

import dev.holdfast.it.programs.kinds.Kinds;
import dev.holdfast.it.programs.kinds.Plan;
import java.util.Arrays;
import java.util.List;

/** Methods of interfaces and enums. */
public final class Others {

    interface Defaults<T> {
        int SEVEN = Integer.parseInt("7");

        @Policy default String defaults(T a, long b) { Plan.begin(a, b); String r = a + name() + b; a = null; b = 0; Plan.end(); return r; }
        default String instead(T a, long b) { Plan.instead(a, b); return "instead"; }

        @Policy static long statics(long a, int b) { Plan.begin(a, b); long r = a + b + SEVEN; a = 0; b = 0; Plan.end(); return r; }
        static long instead(long a, int b) { Plan.instead(a, b); return -1; }

        @Policy default void nothing(double a) { Plan.begin(a); a = 0; Plan.end(); }
        default void instead(double a) { Plan.instead(a); }

        String name();
    }

    static class Implementing implements Defaults<String> {
        @Override public String name() { return "name"; }
    }

    interface Narrowed extends Defaults<String> {
        @Override @Policy default String defaults(String a, long b) { Plan.begin(a, b); String r = "narrowed" + a + b; a = null; b = 0; Plan.end(); return r; }
        @Override default String instead(String a, long b) { Plan.instead(a, b); return "instead"; }
    }

    enum Planet {
        EARTH {
            @Override @Policy double weight(double a) { Plan.begin(a); double r = a * 2; a = 0; Plan.end(); return r; }
        },
        MARS {
            @Override double weight(double a) { return super.ordinal() + a; }
            @Override String constantsOwn(int a) { return "mars"; }
        };

        abstract double weight(double a);

        double instead(double a) { Plan.instead(a); return -1; }

        @Policy String constantsOwn(int a) { Plan.begin(a); String r = name() + a; a = 0; Plan.end(); return r; }
        String instead(int a) { Plan.instead(a); return "instead"; }

        @Policy static Planet find(String a) { Plan.begin(a); Planet r = valueOf(a); a = null; Plan.end(); return r; }
        static Planet instead(String a) { Plan.instead(a); return MARS; }

        @Policy String switching(Planet a, int b) {
            Plan.begin(a, b);
            String r;
            switch (a) {
                case EARTH: r = "earth"; break;
                default: r = "other";
            }
            a = null; b = 0; Plan.end(); return r;
        }
        String instead(Planet a, int b) { Plan.instead(a, b); return "instead"; }
    }

    public static void declare(Kinds kinds) throws Exception {
        Implementing implementing = new Implementing();
        Defaults<String> byInterface = implementing;
        kinds.kind("default", "aname7", "instead", () -> byInterface.defaults("a", 7));
        kinds.kind("default_void", () -> implementing.nothing(1.5));
        kinds.kind("static_of_an_interface", 10L, -1L, () -> Defaults.statics(1, 2));
        Defaults<String> narrowed = new Narrowed() {
            @Override public String name() { return "n"; }
        };
        kinds.kind("default_with_a_bridge", "narroweda1", "instead", () -> narrowed.defaults("a", 1));
        Defaults<String> lambda = () -> "lambda";
        kinds.check("default_on_a_lambda", () -> {
            if (!kinds.policy().equals("breaker") && !lambda.defaults("a", 7).equals("alambda7")) {
                throw new AssertionError();
            }
        });
        kinds.kind("constant_body", 3.0, -1.0, () -> Planet.EARTH.weight(1.5));
        kinds.kind("enum", "EARTH1", "instead", () -> Planet.EARTH.constantsOwn(1));
        kinds.kind("static_of_an_enum", Planet.EARTH, Planet.MARS, () -> Planet.find("EARTH"));
        kinds.kind("switch_on_an_enum", "earth", "instead", () -> Planet.MARS.switching(Planet.EARTH, 1));
        kinds.check("values", () -> {
            List<Planet> values = Arrays.asList(Planet.values());
            if (values.size() != 2 || !Planet.MARS.constantsOwn(1).equals("mars")) {
                throw new AssertionError(values.toString());
            }
        });
    }
}
