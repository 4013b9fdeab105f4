package dev.holdfast.benchmarks;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A group's figures as a table in Markdown, and how Holdfast stands to its target. */
final class Table {

    /** What rounding in the garbage collector's counters amounts to. */
    private static final double NO_BYTES = 0.05;

    private final Group group;
    private final Map<Library, Figures> figures;

    Table(Group group, Map<Library, Figures> figures) {
        this.group = group;
        this.figures = new EnumMap<>(figures);
    }

    /** The table, with its heading and the verdict below. */
    String text() {
        StringBuilder text = new StringBuilder();
        text.append("### ").append(group.title()).append("\n\n");
        text.append(String.format(
                "| %-30s | %-16s | %9s | %10s | %8s | %12s |%n",
                "", "ns of CPU/call", "over bare", "× Holdfast", "B/call", "ns by clock"));
        text.append("| --- | ---: | ---: | ---: | ---: | ---: |\n");
        @Nullable Figures bare = figures.get(Library.BARE);
        @Nullable Figures holdfast = figures.get(Library.HOLDFAST);
        figures.forEach((library, one) -> text.append(String.format(
                Locale.ROOT,
                "| %-30s | %8.2f ± %5.2f | %9s | %10s | %8s | %12.2f |%n",
                library.title(),
                one.cpuNanosPerCall(),
                one.spread(),
                bare == null ? "" : String.format(Locale.ROOT, "%+.2f", one.cpuNanosPerCall() - bare.cpuNanosPerCall()),
                holdfast == null
                        ? ""
                        : String.format(Locale.ROOT, "%.2f", one.cpuNanosPerCall() / holdfast.cpuNanosPerCall()),
                bytes(one),
                one.clockNanosPerCall())));
        text.append('\n');
        if (holdfast != null) {
            text.append(verdict(holdfast, bare)).append("\n\n");
        }
        return text.toString();
    }

    private static String bytes(Figures of) {
        return of.bytesPerCall() < NO_BYTES ? "0" : String.format(Locale.ROOT, "%.0f", of.bytesPerCall());
    }

    private String verdict(Figures holdfast, @Nullable Figures bare) {
        Group.Target target = group.target();
        if (Double.isInfinite(target.nanos())) {
            return "No target.";
        }
        double nanos = holdfast.cpuNanosPerCall();
        if (target.overBare()) {
            if (bare == null) {
                return "The target is relative to the bare call, which was not measured.";
            }
            nanos -= bare.cpuNanosPerCall();
        }
        boolean met = nanos <= target.nanos() && !(target.heapless() && holdfast.bytesPerCall() >= NO_BYTES);
        return String.format(
                Locale.ROOT,
                "Target: at most %.0f ns%s%s. Measured: %.2f ns, %s B: **%s**.",
                target.nanos(),
                target.overBare() ? " over the bare call" : "",
                target.heapless() ? " and 0 B" : "",
                nanos,
                bytes(holdfast),
                met ? "met" : "missed");
    }
}
