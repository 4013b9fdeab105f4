package dev.holdfast.it.programs.kinds;

import dev.holdfast.BreakerOpenException;
import dev.holdfast.it.programs.Action;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Program;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;

/**
 * The program of the matrix. Its arguments: {@code names} of the classes of kinds, separated by commas, then folders of classes,
 * each with a loader of its own and called by its last name in the output. A class of kinds {@code p.K} stands in each folder
 * once for each policy, as {@code kinds.<policy>.K}, and has a method {@code public static void declare(Kinds)}.
 */
public final class Kinds {

    /** The policies of the matrix and how each is written; {@code composed} is the retry by an annotation of one's own. */
    public static final Map<String, String> POLICIES = new TreeMap<>(Map.of(
            "retry",
            "@dev.holdfast.Recover(on = Throwable.class, attempts = 3, delay = \"0s\")",
            "fallback",
            "@dev.holdfast.Recover(on = Throwable.class, fallback = \"instead\")",
            "breaker",
            "@dev.holdfast.Recover(on = Throwable.class,"
                    + " breaker = @dev.holdfast.CircuitBreaker(window = 4, minCalls = 4, openFor = \"1h\"))",
            "all",
            "@dev.holdfast.Recover(on = Throwable.class, attempts = 2, delay = \"0s\", timeout = \"1h\", within = \"1h\","
                    + " maxConcurrent = 9, fallback = \"instead\","
                    + " breaker = @dev.holdfast.CircuitBreaker(window = 1000, minCalls = 1000))",
            "composed",
            "@dev.holdfast.it.programs.kinds.Stubborn"));

    private final String place;
    private final String policy;

    private Kinds(String place, String policy) {
        this.place = place;
        this.policy = policy;
    }

    public static void main(String[] arguments) throws Exception {
        for (int i = 1; i < arguments.length; i++) {
            File folder = new File(arguments[i]);
            URLClassLoader loader =
                    new URLClassLoader(new URL[] {folder.toURI().toURL()}, Kinds.class.getClassLoader());
            for (String policy : POLICIES.keySet()) {
                for (String name : arguments[0].split(",")) {
                    Kinds kinds = new Kinds(folder.getName() + "/" + policy + "/" + name, policy);
                    try {
                        Class<?> type = Class.forName("kinds." + policy + "." + name, true, loader);
                        type.getMethod("declare", Kinds.class).invoke(null, kinds);
                        Program.report(kinds.place, null);
                    } catch (ClassNotFoundException notOfThisRelease) {
                        continue;
                    } catch (java.lang.reflect.InvocationTargetException failed) {
                        Program.report(kinds.place, failed.getCause());
                    } catch (Throwable failed) {
                        Program.report(kinds.place, failed);
                    }
                }
            }
        }
        System.exit(0);
    }

    /** The policy that this class of kinds is compiled with. */
    public String policy() {
        return policy;
    }

    /** Whether a failed execution is repeated. */
    public boolean retries() {
        return policy.equals("retry") || policy.equals("composed");
    }

    /**
     * One kind of method: a call of it, what its body gives and what its fallback gives; null where it is void. The body runs
     * once for each call that is not recovered.
     */
    public void kind(String name, Object result, Object instead, Callable<?> call) throws Exception {
        Program.run(place + "/" + name, () -> {
            succeeds(result, call);
            switch (policy) {
                case "retry":
                case "composed":
                    retries(result, call);
                    break;
                case "fallback":
                    fallsBack(instead, call);
                    break;
                case "breaker":
                    breaks(call);
                    break;
                default:
                    all(result, instead, call);
            }
        });
    }

    /** The same for a void method. */
    public void kind(String name, Action call) throws Exception {
        kind(name, null, null, () -> {
            try {
                call.run();
            } catch (Exception thrown) {
                throw thrown;
            } catch (Throwable thrown) {
                throw Expect.sneak(thrown);
            }
            return null;
        });
    }

    /** Something else to check about a kind, the same under every policy. */
    public void check(String name, Action check) throws Exception {
        Program.run(place + "/" + name, () -> {
            Plan.set(0);
            check.run();
        });
    }

    private static void succeeds(Object result, Callable<?> call) throws Exception {
        Plan plan = Plan.set(0);
        Expect.equal(result, call.call());
        Expect.equal(1, plan.executions());
        Expect.equal(0, plan.fallbacks());
    }

    private static void retries(Object result, Callable<?> call) throws Exception {
        Plan plan = Plan.set(2, new IOException("1"), new AssertionError("2"));
        Expect.equal(result, call.call());
        Expect.equal(3, plan.executions());
        plan.checkArguments();

        Throwable first = new IOException("first");
        Throwable second = new IllegalStateException("second");
        for (Throwable third : List.of(new IOException("third"), new RuntimeException("third"), new Error("third"))) {
            plan = Plan.set(3, first, second, third);
            Expect.thrown(third, call::call);
            Expect.equal(3, plan.executions());
            plan.checkArguments();
            Expect.equal(List.of(first, second), List.of(third.getSuppressed()));
        }
        severe(call);
    }

    private static void fallsBack(Object instead, Callable<?> call) throws Exception {
        for (Throwable failure :
                List.of(new IOException("planned"), new RuntimeException("planned"), new Error("planned"))) {
            Plan plan = Plan.set(1, failure);
            Expect.equal(instead, call.call());
            Expect.equal(1, plan.executions());
            Expect.equal(1, plan.fallbacks());
            plan.checkArguments();
        }
        severe(call);
    }

    private static void severe(Callable<?> call) {
        Throwable severe = new StackOverflowError("planned");
        Plan plan = Plan.set(1, severe);
        Expect.thrown(severe, call::call);
        Expect.equal(1, plan.executions());
        Expect.equal(0, plan.fallbacks());
    }

    private static void breaks(Callable<?> call) throws Exception {
        for (Throwable failure :
                List.of(new IOException("planned"), new RuntimeException("planned"), new Error("planned"))) {
            Plan plan = Plan.set(1, failure);
            Expect.thrown(failure, call::call);
            Expect.equal(1, plan.executions());
            Expect.equal(0, failure.getSuppressed().length);
        }
        Plan plan = Plan.set(0);
        Expect.thrown(BreakerOpenException.class, call::call);
        Expect.equal(0, plan.executions());
    }

    private static void all(Object result, Object instead, Callable<?> call) throws Exception {
        Plan plan = Plan.set(1, new IOException("planned"));
        Expect.equal(result, call.call());
        Expect.equal(2, plan.executions());
        plan.checkArguments();

        plan = Plan.set(2, new IOException("planned"));
        Expect.equal(instead, call.call());
        Expect.equal(2, plan.executions());
        Expect.equal(1, plan.fallbacks());
        plan.checkArguments();
        severe(call);
    }
}
