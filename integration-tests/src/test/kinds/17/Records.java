package kinds.policy;

import dev.holdfast.it.programs.kinds.Kinds;
import dev.holdfast.it.programs.kinds.Plan;

/** What came with Java 12 to 17: records, sealed types, switch expressions, patterns. */
public final class Records {

    record Quote(String symbol, long price) implements Comparable<Quote> {
        Quote {
            if (price < 0) {
                throw new IllegalArgumentException("price");
            }
        }

        @Policy @Override public String symbol() { Plan.begin(); var r = symbol; Plan.end(); return r; }
        String instead() { Plan.instead(); return "instead"; }

        @Policy static Quote of(String a, long b) { Plan.begin(a, b); var r = new Quote(a, b); a = null; b = 0; Plan.end(); return r; }
        static Quote instead(String a, long b) { Plan.instead(a, b); return null; }

        @Policy @Override public int compareTo(Quote a) { Plan.begin(a); var r = Long.compare(price, a.price); a = null; Plan.end(); return r; }
        public int instead(Quote a) { Plan.instead(a); return -1; }
    }

    record Price(long amount) {
        @Policy @Override public long amount() { Plan.begin(); var r = amount; Plan.end(); return r; }
        private long instead() { Plan.instead(); return -1; }
    }

    sealed interface Shape permits Square, Circle {
        @Policy default double area(Shape a, double b) {
            Plan.begin(a, b);
            var r = switch (b > 1 ? "big" : "small") {
                case "big" -> a instanceof Square square && square.side > 0 ? square.side * square.side * b : 0;
                default -> {
                    var sum = 0.0;
                    for (var i = 0; i < 3; i++) {
                        sum += i;
                    }
                    yield sum;
                }
            };
            a = null; b = 0; Plan.end(); return r;
        }
        default double instead(Shape a, double b) { Plan.instead(a, b); return -1; }
    }

    record Square(double side) implements Shape {}

    record Circle(double radius) implements Shape {}

    public static void declare(Kinds kinds) throws Exception {
        var quote = new Quote("ACME", 7);
        kinds.kind("accessor", "ACME", "instead", quote::symbol);
        kinds.kind("primitive_accessor", 7L, -1L, new Price(7)::amount);
        kinds.kind("static_of_a_record", quote, null, () -> Quote.of("ACME", 7));
        kinds.kind("interface_of_a_record", 0, -1, () -> quote.compareTo(quote));
        kinds.kind("sealed", 8.0, -1.0, () -> new Circle(1).area(new Square(2), 2));
        kinds.check("equals_and_hash_code", () -> {
            if (!quote.equals(new Quote("ACME", 7)) || quote.hashCode() != new Quote("ACME", 7).hashCode()) {
                throw new AssertionError(quote.toString());
            }
        });
    }
}
