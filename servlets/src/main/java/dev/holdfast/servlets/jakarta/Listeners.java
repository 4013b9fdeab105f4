package dev.holdfast.servlets.jakarta;

import jakarta.servlet.ServletContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The listeners that a web application has registered, in that order. The servlet API tells nobody which these are, so the container is asked, by what is public in
 * it: Tomcat's {@code Context}, which the application's resources know, and Jetty's {@code SessionHandler}, or before 10 what that one has its listeners from, the handler of the application. Of other containers nothing is known. Immutable.
 */
final class Listeners {

    private static final String TOMCATS_RESOURCES = "org.apache.catalina.resources";
    private static final String OF_JETTY = "org.eclipse.jetty.";

    private final List<Object> all;

    private Listeners(List<Object> all) {
        this.all = all;
    }

    /**
     * Those of an application.
     *
     * @param context null if nobody knows it
     * @param deaf is told if they cannot be found, and why
     */
    static Listeners of(@Nullable ServletContext context, Consumer<String> deaf) {
        if (context == null) {
            deaf.accept("a request has no context on this thread");
            return new Listeners(List.of());
        }
        try {
            Object resources = context.getAttribute(TOMCATS_RESOURCES);
            if (resources != null) {
                return new Listeners(ofTomcat(resources));
            }
            if (context.getClass().getName().startsWith(OF_JETTY)) {
                return new Listeners(ofJetty(context));
            }
        } catch (ReflectiveOperationException | RuntimeException other) {
            deaf.accept(context.getServerInfo() + " does not tell them: " + other);
        }
        return new Listeners(List.of());
    }

    private static List<Object> ofTomcat(Object resources) throws ReflectiveOperationException {
        ClassLoader tomcat = resources.getClass().getClassLoader();
        Class<?> root = Class.forName("org.apache.catalina.WebResourceRoot", false, tomcat);
        Class<?> type = Class.forName("org.apache.catalina.Context", false, tomcat);
        Object context = root.getMethod("getContext").invoke(resources);
        Set<Object> all = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Object> inOrder = new ArrayList<>();
        for (String kind : new String[] {"getApplicationLifecycleListeners", "getApplicationEventListeners"}) {
            for (Object listener : array(type.getMethod(kind).invoke(context))) {
                if (all.add(listener)) { // who listens to both kinds is in both
                    inOrder.add(listener);
                }
            }
        }
        return inOrder;
    }

    private static List<Object> array(@Nullable Object given) {
        return given == null ? List.of() : Arrays.asList((Object[]) given);
    }

    private static List<Object> ofJetty(ServletContext context) throws ReflectiveOperationException {
        Class<?> type = context.getClass();
        while (type.getEnclosingClass() != null) {
            type = type.getEnclosingClass();
        }
        Object handler =
                type.getMethod("getServletContextHandler", ServletContext.class).invoke(null, context);
        Object sessions = handler.getClass().getMethod("getSessionHandler").invoke(handler);
        if (sessions == null) {
            return List.of();
        }
        try {
            return List.copyOf((Collection<?>)
                    sessions.getClass().getMethod("getEventListeners").invoke(sessions));
        } catch (NoSuchMethodException before10) {
            return array(handler.getClass().getMethod("getEventListeners").invoke(handler));
        }
    }

    /** Those of a type. */
    <T> List<T> of(Class<T> type) {
        List<T> some = new ArrayList<>();
        for (Object listener : all) {
            if (type.isInstance(listener)) {
                some.add(type.cast(listener));
            }
        }
        return some;
    }
}
