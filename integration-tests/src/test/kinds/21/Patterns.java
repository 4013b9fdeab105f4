package kinds.policy;

import dev.holdfast.it.programs.kinds.Kinds;
import dev.holdfast.it.programs.kinds.Plan;

/** What came with Java 18 to 21: switches over patterns, record patterns. */
public final class Patterns {

    sealed interface Tree permits Leaf, Node {}

    record Leaf(int value) implements Tree {}

    record Node(Tree left, Tree right) implements Tree {}

    @Policy static int sum(Tree a, String b) {
        Plan.begin(a, b);
        var r = add(a);
        a = null; b = null; Plan.end(); return r;
    }
    static int instead(Tree a, String b) { Plan.instead(a, b); return -1; }

    private static int add(Tree tree) {
        return switch (tree) {
            case Leaf(int value) -> value;
            case Node(Leaf(var left), Leaf(var right)) when left > 100 -> right;
            case Node(var left, var right) -> add(left) + add(right);
        };
    }

    @Policy String describe(Object a) {
        Plan.begin(a);
        var r = switch (a) {
            case null -> "null";
            case String s when s.isEmpty() -> "empty";
            case Integer i -> "int" + i;
            default -> "other";
        };
        a = null; Plan.end(); return r;
    }
    String instead(Object a) { Plan.instead(a); return "instead"; }

    public static void declare(Kinds kinds) throws Exception {
        var tree = new Node(new Leaf(1), new Node(new Leaf(2), new Leaf(3)));
        kinds.kind("record_patterns", 6, -1, () -> sum(tree, "b"));
        var on = new Patterns();
        kinds.kind("pattern_switch", "int7", "instead", () -> on.describe(7));
    }
}
