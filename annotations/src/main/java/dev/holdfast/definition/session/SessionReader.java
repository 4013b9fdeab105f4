package dev.holdfast.definition.session;

import dev.holdfast.Conflict;
import dev.holdfast.Consistency;
import dev.holdfast.Unavailable;
import dev.holdfast.definition.AnnotationReader;
import dev.holdfast.definition.Attributes;
import dev.holdfast.definition.DurationText;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.Names;
import dev.holdfast.definition.TypeUse;
import dev.holdfast.definition.template.Template;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads {@code @SharedSession}. Stateless. */
public final class SessionReader implements AnnotationReader<SessionSettings> {

    /** Who would read a longer name does not matter: browsers and servers refuse cookies of 4 KB. */
    private static final int LONGEST_COOKIE = 64;

    private static final String COOKIE = "1 to " + LONGEST_COOKIE + " letters, digits or any of !#$%&'*+-.^_`|~";

    private static final long LEAST_NANOS = 1_000_000;

    /** As good as for ever: a hundred years. */
    private static final long NEVER_NANOS = 36_500L * 24 * 3600 * 1_000_000_000;

    private static final long NONE = 0;

    private static final List<String> EXCHANGES =
            List.of("com.sun.net.httpserver.HttpExchange", "com.sun.net.httpserver.HttpsExchange");
    private static final List<String> SERVLET_REQUESTS =
            List.of("jakarta.servlet.ServletRequest", "javax.servlet.ServletRequest");

    @Override
    public String annotation() {
        return "SharedSession";
    }

    @Override
    public SessionSettings read(List<Attributes> several, MethodModel method, Names names) {
        Attributes given = several.get(0);
        String idText = given.text("id", "");
        if (idText.isEmpty()) {
            given.known("id", true, () -> {
                requireHttp(given, method);
                return true;
            });
        }
        long idleAsked = duration(given, "idleTimeout", "30m");
        long maxAgeAsked = duration(given, "maxAge", "12h");
        if (idleAsked == NONE && maxAgeAsked == NONE) {
            given.fault("maxAge", "must be given where idleTimeout is none, was \"\"; expected: a duration, as in 30d");
        }
        long maxAge = maxAgeAsked == NONE ? NEVER_NANOS : maxAgeAsked;
        long idle = idleAsked == NONE ? maxAge : idleAsked;
        return new SessionSettings(
                idText.isEmpty() ? null : id(given, idText, method),
                cookie(given),
                given.flag("create", true),
                idle,
                maxAge,
                given.constant("consistency", Consistency.class, Consistency.STRICT),
                given.constant("conflict", Conflict.class, Conflict.MERGE),
                given.constant("whenUnavailable", Unavailable.class, Unavailable.DENY));
    }

    /** Where the id is that of a cookie, there must be one. */
    private static void requireHttp(Attributes given, MethodModel method) {
        for (TypeUse parameter : method.parameters()) {
            if (!parameter.isClass()) {
                continue;
            }
            if (EXCHANGES.contains(parameter.name())) {
                return;
            }
            for (String request : SERVLET_REQUESTS) {
                if (parameter.name().equals(request)
                        || method.owner().get(parameter.name()).is(request)) {
                    return;
                }
            }
        }
        given.fault(
                "id",
                "must be given on a method that is handed no HTTP, was \"\"; expected: a template, as in \"{user.id}\","
                        + " or a parameter of type HttpExchange, HttpsExchange or HttpServletRequest, for the cookie");
    }

    private static @Nullable Template id(Attributes given, String text, MethodModel method) {
        Supplier<Optional<Template>> read =
                () -> Optional.ofNullable(Template.read(text, method, List.of(), fault -> given.fault("id", fault)));
        return given.known("id", Optional.<Template>empty(), read).orElse(null);
    }

    private static String cookie(Attributes given) {
        String name = given.text("cookie", "HSESSION");
        if (!isToken(name)) {
            given.fault("cookie", "must be " + COOKIE + ", was \"" + name + "\"");
        }
        return name;
    }

    /** A token of RFC 9110. */
    private static boolean isToken(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!plain && "!#$%&'*+-.^_`|~".indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= LONGEST_COOKIE;
    }

    private static long duration(Attributes given, String name, String usual) {
        if (given.text(name, usual).isEmpty()) {
            return NONE;
        }
        Long nanos = given.duration(name, usual, LEAST_NANOS);
        return nanos == null ? DurationText.nanos(usual) : nanos;
    }

    @Override
    public String summary(SessionSettings settings) {
        Template id = settings.id();
        StringBuilder text = new StringBuilder(id == null ? "of the cookie " + settings.cookie() : "of \"" + id + "\"");
        if (settings.idleNanos() < settings.maxAgeNanos()) {
            text.append(", for ")
                    .append(DurationText.text(settings.idleNanos()))
                    .append(" without use");
        }
        if (settings.maxAgeNanos() < NEVER_NANOS) {
            text.append(", ").append(DurationText.text(settings.maxAgeNanos())).append(" in all");
        }
        if (!settings.create()) {
            text.append(", if there is one");
        }
        if (settings.consistency() == Consistency.NEAR) {
            text.append("; reads a copy up to 1s old");
        }
        if (settings.conflict() == Conflict.FAIL) {
            text.append("; fails on a conflict");
        }
        return text.append(
                        settings.whenUnavailable() == Unavailable.DENY
                                ? "; without Redis fails"
                                : "; without Redis goes on with its copy")
                .toString();
    }
}
