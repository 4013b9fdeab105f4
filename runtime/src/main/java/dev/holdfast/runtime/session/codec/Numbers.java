package dev.holdfast.runtime.session.codec;

import org.jspecify.annotations.Nullable;

/** Numbers of one type as numbers of another. */
final class Numbers {

    private Numbers() {}

    /** The same number; null if there is none of that type, or the type is no boxed number. */
    static @Nullable Number convert(Number from, Class<?> to) {
        boolean whole =
                from instanceof Long || from instanceof Integer || from instanceof Short || from instanceof Byte;
        Number converted = null;
        if (whole && to == Long.class) {
            converted = from.longValue();
        } else if (whole && to == Integer.class) {
            converted = from.intValue();
        } else if (whole && to == Short.class) {
            converted = from.shortValue();
        } else if (whole && to == Byte.class) {
            converted = from.byteValue();
        }
        if (converted != null) {
            return converted.longValue() == from.longValue() ? converted : null;
        }
        if (to == Double.class && (from instanceof Float || (whole && (long) from.doubleValue() == from.longValue()))) {
            return from.doubleValue();
        }
        return to == Float.class && from instanceof Double && (double) from.floatValue() == from.doubleValue()
                ? from.floatValue()
                : null;
    }
}
