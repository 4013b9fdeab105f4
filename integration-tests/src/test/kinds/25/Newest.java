package kinds.policy;

import module java.base;

import dev.holdfast.it.programs.kinds.Kinds;
import dev.holdfast.it.programs.kinds.Plan;

/** What came with Java 22 to 25: statements before this(), unnamed variables, imports of modules. */
public class Newest {

    private final int checked;

    Newest(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("value");
        }
        checked = value;
        super();
    }

    @Policy String counts(List<String> a) {
        Plan.begin(a);
        int r = checked;
        for (var _ : a) {
            r++;
        }
        a = null; Plan.end(); return "" + r;
    }
    String instead(List<String> a) { Plan.instead(a); return "instead"; }

    public static void declare(Kinds kinds) throws Exception {
        var on = new Newest(1);
        kinds.kind("unnamed", "3", "instead", () -> on.counts(List.of("a", "b")));
    }
}
