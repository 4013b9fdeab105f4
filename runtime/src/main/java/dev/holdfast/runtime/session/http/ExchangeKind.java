package dev.holdfast.runtime.session.http;

import com.sun.net.httpserver.HttpExchange;
import dev.holdfast.runtime.session.HttpKind;
import dev.holdfast.runtime.session.HttpSide;
import java.lang.reflect.Method;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Methods that are handed an exchange of the JDK's server. Its module may be missing; then no method has such a parameter, and nothing here is linked.
 * Immutable.
 */
public final class ExchangeKind implements HttpKind {

    /** Only these: no wrapper is of a type that an application has made of them. */
    private static final String PLAIN = "com.sun.net.httpserver.HttpExchange";

    private static final String SECURE = "com.sun.net.httpserver.HttpsExchange";

    private final int index;
    private final LongSupplier limit;
    private final String place;
    private final @Nullable ClassLoader loader;

    private ExchangeKind(int index, LongSupplier limit, String place, @Nullable ClassLoader loader) {
        this.index = index;
        this.limit = limit;
        this.place = place;
        this.loader = loader;
    }

    /**
     * Of a method.
     *
     * @param limit how many bytes of a body are held, asked for again and again
     * @param place of the method, for messages
     * @return null if it is handed none
     */
    public static @Nullable HttpKind of(Method method, LongSupplier limit, String place) {
        Class<?>[] types = method.getParameterTypes();
        for (int i = 0; i < types.length; i++) {
            String name = types[i].getName();
            if (name.equals(PLAIN) || name.equals(SECURE)) {
                return new ExchangeKind(
                        i + 1, limit, place, method.getDeclaringClass().getClassLoader());
            }
        }
        return null;
    }

    @Override
    public @Nullable HttpSide begin(@Nullable Object[] everything) {
        Object given = everything[index];
        return given == null
                ? null
                : new HeldResponse((HttpExchange) given, everything, index, limit.getAsLong(), place, loader);
    }
}
