package dev.holdfast.runtime.session;

import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Compares two objects of which each gives other bytes each time. */
final class Unsteady {

    private Unsteady() {}

    /**
     * Whether nothing tells them apart. Where they give the same bytes each time, these do. Where some of these are other ones each time, the rest does.
     * Where even their number is another one each time, the objects have to say it themselves.
     *
     * @param ofOne bytes that one gave, at several times
     * @param ofOther those that the other one gave meanwhile
     */
    static boolean mayBeSame(List<byte[]> ofOne, List<byte[]> ofOther, BooleanSupplier equal) {
        byte[] one = ofOne.get(0);
        byte[] other = ofOther.get(0);
        if (isSteady(ofOne) && isSteady(ofOther)) {
            return Arrays.equals(one, other);
        }
        if (!haveOneLength(ofOne) || !haveOneLength(ofOther)) {
            return equal.getAsBoolean();
        }
        if (one.length != other.length) {
            return false;
        }
        for (int i = 0; i < one.length; i++) {
            if (one[i] != other[i] && isSteadyAt(ofOne, i) && isSteadyAt(ofOther, i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSteady(List<byte[]> several) {
        return several.stream().allMatch(bytes -> Arrays.equals(bytes, several.get(0)));
    }

    private static boolean haveOneLength(List<byte[]> several) {
        return several.stream().allMatch(bytes -> bytes.length == several.get(0).length);
    }

    private static boolean isSteadyAt(List<byte[]> several, int at) {
        return several.stream().allMatch(bytes -> bytes[at] == several.get(0)[at]);
    }
}
