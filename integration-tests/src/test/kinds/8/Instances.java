package kinds.policy;

import dev.holdfast.it.programs.kinds.Kinds;
import dev.holdfast.it.programs.kinds.Plan;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Supplier;

/** Instance methods of classes, with all that a body may contain. */
public class Instances {

    private final int field = 100;

    @Policy boolean ofBoolean(boolean a) { Plan.begin(a); boolean r = !a; a = r; Plan.end(); return r; }
    boolean instead(boolean a) { Plan.instead(a); return a; }

    @Policy byte ofByte(byte a) { Plan.begin(a); byte r = (byte) (a + 1); a = 0; Plan.end(); return r; }
    byte instead(byte a) { Plan.instead(a); return -1; }

    @Policy char ofChar(char a) { Plan.begin(a); char r = (char) (a + 1); a = 0; Plan.end(); return r; }
    char instead(char a) { Plan.instead(a); return '-'; }

    @Policy short ofShort(short a) { Plan.begin(a); short r = (short) (a + 1); a = 0; Plan.end(); return r; }
    short instead(short a) { Plan.instead(a); return -1; }

    @Policy int ofInt(int a) { Plan.begin(a); int r = a + field; a = 0; Plan.end(); return r; }
    int instead(int a) { Plan.instead(a); return -field; }

    @Policy long ofLong(long a) { Plan.begin(a); long r = a + field; a = 0; Plan.end(); return r; }
    long instead(long a) { Plan.instead(a); return -field; }

    @Policy float ofFloat(float a) { Plan.begin(a); float r = a + field; a = 0; Plan.end(); return r; }
    float instead(float a) { Plan.instead(a); return -field; }

    @Policy double ofDouble(double a) { Plan.begin(a); double r = a + field; a = 0; Plan.end(); return r; }
    double instead(double a) { Plan.instead(a); return -field; }

    @Policy void ofVoid() { Plan.begin(); Plan.end(); }
    void instead() { Plan.instead(); }

    @Policy private String privately(String a, long b) throws IOException { Plan.begin(a, b); String r = a + b + field; a = null; b = 0; Plan.end(); return r; }
    private String instead(String a, long b) throws IOException { Plan.instead(a, b); return "instead"; }

    @Policy protected final double finally_(double a, int b, double c) { Plan.begin(a, b, c); double r = a * b * c; a = 0; b = 0; c = 0; Plan.end(); return r; }
    protected final double instead(double a, int b, double c) { Plan.instead(a, b, c); return -1; }

    @Policy public synchronized String locked(Object a) {
        if (!Thread.holdsLock(this)) {
            throw new AssertionError("the monitor is not held");
        }
        Plan.begin(a); String r = "" + a; a = null; Plan.end(); return r;
    }
    public String instead(Object a) {
        if (Thread.holdsLock(this)) {
            throw new AssertionError("the monitor is held");
        }
        Plan.instead(a); return "instead";
    }

    @Policy String varargs(int a, String... more) { Plan.begin(a, more); String r = a + Arrays.toString(more); a = 0; more = null; Plan.end(); return r; }
    String instead(int a, String... more) { Plan.instead(a, more); return "instead"; }

    /** Branches, loops, switches on strings, nested handlers, a monitor, and a lambda that keeps a parameter. */
    @Policy String busy(String a, int b, List<String> c) {
        Plan.begin(a, b, c);
        StringBuilder r = new StringBuilder();
        Supplier<String> keeps = () -> a + field;
        loop:
        for (int i = 0; i < 3; i++) {
            switch (a) {
                case "x":
                    r.append(i);
                    continue loop;
                case "y":
                    break loop;
                default:
                    r.append('-');
            }
        }
        do {
            try {
                synchronized (r) {
                    if (b % 2 == 1) {
                        throw new IllegalStateException("odd");
                    }
                    r.append(b > 2 ? "big" : null);
                }
            } catch (IllegalStateException | IllegalArgumentException e) {
                r.append(e.getMessage());
            } finally {
                b--;
            }
        } while (b > 0);
        for (String each : c) {
            r.append(each);
        }
        c = null;
        Plan.end();
        return r.append(keeps.get()).toString();
    }
    String instead(String a, int b, List<String> c) { Plan.instead(a, b, c); return "instead"; }

    @Policy int recursive(int[] depth, Object tag) {
        if (depth[0] > 0) {
            depth[0]--;
            return recursive(depth, tag) + 1;
        }
        Plan.begin(tag);
        Plan.end();
        return 0;
    }
    int instead(int[] depth, Object tag) { Plan.instead(tag); return -1; }

    String callsItself(String a) { return called(a); }
    @Policy String called(CharSequence a) { Plan.begin(a); String r = a + "!"; a = null; Plan.end(); return r; }
    String instead(CharSequence a) { Plan.instead(a); return "instead"; }

    @Policy <T extends Comparable<? super T>, X extends Exception> T most(List<? extends T> a, Class<X> b) throws X {
        Plan.begin(a, b); T r = null;
        for (T each : a) { r = r == null || each.compareTo(r) > 0 ? each : r; }
        a = null; b = null; Plan.end(); return r;
    }
    <T extends Comparable<? super T>, X extends Exception> T instead(List<? extends T> a, Class<X> b) throws X { Plan.instead(a, b); return null; }

    @Policy Callable<String> anonymous(Object a, String b) {
        Plan.begin(a, b);
        Callable<String> r = new Callable<String>() {
            @Override public String call() { return b + field + getClass().getEnclosingMethod().getName(); }
        };
        a = null; Plan.end(); return r;
    }
    Callable<String> instead(Object a, String b) { Plan.instead(a, b); return () -> "instead"; }

    class Inner {
        @Policy String inner(String a, int b, boolean c) { Plan.begin(a, b, c); String r = a + field; a = null; b = 0; c = false; Plan.end(); return r; }
        private String instead(String a, int b, boolean c) { Plan.instead(a, b, c); return "instead"; }

        class Innermost {
            @Policy String innermost(String a) { Plan.begin(a); String r = a + field; a = null; Plan.end(); return r; }
            private String instead(String a) { Plan.instead(a); return "instead"; }
        }
    }

    abstract static class Generic<K, V> {
        abstract V find(K key);
        V inherited(K key, List<V> more) { return null; }
    }

    static class Bridged extends Generic<String, Integer> implements Function<String, Integer>, Comparator<String> {
        @Override @Policy Integer find(String a) { Plan.begin(a); Integer r = a.length(); a = null; Plan.end(); return r; }
        Integer instead(String a) { Plan.instead(a); return -1; }

        @Override @Policy Integer inherited(String a, List<Integer> b) { Plan.begin(a, b); Integer r = a.length(); a = null; b = null; Plan.end(); return r; }
        Integer instead(String a, List<Integer> b) { Plan.instead(a, b); return -1; }

        @Override @Policy public Integer apply(String a) { Plan.begin(a); Integer r = a.length(); a = null; Plan.end(); return r; }

        @Override @Policy public int compare(String a, String b) { Plan.begin(a, b); int r = a.compareTo(b); a = null; b = null; Plan.end(); return r; }
        public int instead(String a, String b) { Plan.instead(a, b); return -1; }
    }

    static class Parent {
        Object covariant(int a) { return a; }
        Parent self() { return this; }
    }

    static class Child extends Parent implements Cloneable {
        @Override @Policy String covariant(int a) { Plan.begin(a); String r = "" + a; a = 0; Plan.end(); return r; }
        String instead(int a) { Plan.instead(a); return "instead"; }

        @Override @Policy Child self() { Plan.begin(); Plan.end(); return this; }
        Child instead() { Plan.instead(); return null; }

        @Override @Policy public boolean equals(Object a) { Plan.begin(a.getClass()); boolean r = a instanceof Child; a = null; Plan.end(); return r; }
        public boolean instead(Object a) { Plan.instead(a.getClass()); return false; }

        @Override public int hashCode() { return 1; }
    }

    static class CallsSuper extends Overridden {
        @Override @Policy String plain(String a, char b) { String r = super.plain(a, b) + "sub"; a = null; b = 0; return r; }
        @Override String annotated(String a, short b) { return super.annotated(a, b); }
        @Override @Policy String both(String a, byte b) { return super.both(a, b); }
        String instead(String a, char b) { Plan.instead(a, b); return "instead"; }
        String instead(String a, byte b) { Plan.instead(a, b); return "instead"; }
    }

    static class Overridden {
        String plain(String a, char b) { Plan.begin(a, b); String r = a + b; a = null; b = 0; Plan.end(); return r; }
        @Policy String annotated(String a, short b) { Plan.begin(a, b); String r = a + b; a = null; b = 0; Plan.end(); return r; }
        @Policy String both(String a, byte b) { Plan.begin(a, b); String r = a + b; a = null; b = 0; Plan.end(); return r; }
        String instead(String a, short b) { Plan.instead(a, b); return "instead"; }
        String instead(String a, byte b) { Plan.instead(a, b); return "instead of super"; }
    }

    /** A body that begins at the target of a jump, and one that never ends well. */
    @Policy long jumps(long a, float b) {
        while (true) {
            if (a > 10) {
                Plan.begin(b);
                Plan.end();
                return a;
            }
            a++;
        }
    }
    long instead(long a, float b) { Plan.instead(b); return -1; }

    public static void declare(Kinds kinds) throws Exception {
        Instances on = new Instances();
        kinds.kind("boolean", false, true, () -> on.ofBoolean(true));
        kinds.kind("byte", (byte) 8, (byte) -1, () -> on.ofByte((byte) 7));
        kinds.kind("char", 'b', '-', () -> on.ofChar('a'));
        kinds.kind("short", (short) 8, (short) -1, () -> on.ofShort((short) 7));
        kinds.kind("int", 107, -100, () -> on.ofInt(7));
        kinds.kind("long", 107L, -100L, () -> on.ofLong(7));
        kinds.kind("float", 107f, -100f, () -> on.ofFloat(7));
        kinds.kind("double", 107.5, -100.0, () -> on.ofDouble(7.5));
        kinds.kind("void", () -> on.ofVoid());
        kinds.kind("private", "a7100", "instead", () -> on.privately("a", 7));
        kinds.kind("final", 24.0, -1.0, () -> on.finally_(2, 3, 4));
        kinds.kind("synchronized", "a", "instead", () -> on.locked("a"));
        kinds.kind("varargs", "1[a, b]", "instead", () -> on.varargs(1, "a", "b"));
        kinds.kind("busy", "012bigoddnulloddcdx100", "instead",
                () -> on.busy("x", 4, Arrays.asList("c", "d")));
        kinds.kind("self_call", "a!", "instead", () -> on.callsItself("a"));
        kinds.kind("generic_method", "b", null, () -> on.most(Arrays.asList("a", "b"), IOException.class));
        kinds.kind("anonymous_inside", "b100anonymous", "instead",
                () -> on.anonymous("a", "b").call());
        Inner inner = on.new Inner();
        kinds.kind("inner", "a100", "instead", () -> inner.inner("a", 1, true));
        Inner.Innermost innermost = inner.new Innermost();
        kinds.kind("innermost", "a100", "instead", () -> innermost.innermost("a"));

        Bridged bridged = new Bridged();
        Generic<String, Integer> generic = bridged;
        kinds.kind("bridge", 3, -1, () -> generic.find("abc"));
        kinds.kind("bridge_of_two", 3, -1, () -> generic.inherited("abc", null));
        Function<String, Integer> function = bridged;
        kinds.kind("bridge_of_an_interface", 3, -1, () -> function.apply("abc"));
        Comparator<String> comparator = bridged;
        kinds.kind("bridge_of_a_primitive_result", 0, -1, () -> comparator.compare("a", "a"));

        Child child = new Child();
        Parent parent = child;
        kinds.kind("covariant", "7", "instead", () -> parent.covariant(7));
        kinds.kind("covariant_self", child, null, () -> parent.self());
        kinds.kind("equals", true, false, () -> ((Object) child).equals(new Child()));

        CallsSuper calls = new CallsSuper();
        kinds.kind("override_calls_super", "axsub", "instead", () -> calls.plain("a", 'x'));
        kinds.kind("both_annotated", "a1", "instead", () -> calls.both("a", (byte) 1));
        kinds.kind("super_itself", "a1", "instead", () -> new Overridden().annotated("a", (short) 1));
        kinds.kind("super_of_both_itself", "a1", "instead of super", () -> new Overridden().both("a", (byte) 1));
        kinds.kind("jump_to_the_start", 11L, -1L, () -> on.jumps(1L, 2f));

        class Local {
            @Policy String local(String a) { Plan.begin(a); String r = a + on.field; a = null; Plan.end(); return r; }
            private String instead(String a) { Plan.instead(a); return "instead"; }
        }
        kinds.kind("local", "a100", "instead", () -> new Local().local("a"));
        Function<String, String> anonymous = new Function<String, String>() {
            @Override @Policy public String apply(String a) { Plan.begin(a); String r = a + on.field; a = null; Plan.end(); return r; }
            private String instead(String a) { Plan.instead(a); return "instead"; }
        };
        kinds.kind("anonymous", "a100", "instead", () -> anonymous.apply("a"));

        kinds.check("unannotated_override_calls_annotated_super", () -> {
            if (!calls.annotated("a", (short) 1).equals("a1")) {
                throw new AssertionError();
            }
        });
        kinds.check("recursion", () -> {
            int levels = on.recursive(new int[] {5}, "tag");
            if (levels != 5) {
                throw new AssertionError("" + levels);
            }
        });
    }
}
