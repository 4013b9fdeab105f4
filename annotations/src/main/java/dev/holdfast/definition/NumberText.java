package dev.holdfast.definition;

/** Numbers as messages show them. */
public final class NumberText {

    private NumberText() {}

    /** Without a fraction where there is none. */
    public static String plain(double number) {
        return number == Math.rint(number) && Math.abs(number) < 1e15
                ? String.valueOf((long) number)
                : String.valueOf(number);
    }

    /**
     * From which number to which, both ends included.
     *
     * @param least {@link Double#MIN_VALUE} for anything above 0
     * @param most {@link Double#MAX_VALUE} for no bound
     */
    public static String range(double least, double most) {
        if (most == Double.MAX_VALUE) {
            return plain(least) + " or more";
        }
        return (least == Double.MIN_VALUE ? "above 0 and at most " : plain(least) + " to ") + plain(most);
    }
}
