package dev.holdfast.servlets.jakarta;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;

/**
 * The response to a request, for methods that are handed the request alone. The servlet API does not tell it, Jetty's requests do, and Tomcat's do behind a facade. Of other
 * containers nothing is known. The runtime calls it by reflection.
 */
public final class Responses {

    private static final String OF_TOMCAT = "org.apache.catalina.connector.RequestFacade";
    private static final String OF_JETTY = "org.eclipse.jetty.";

    private Responses() {}

    /** The container's own; null if it does not tell. */
    public static @Nullable Object to(Object request) {
        ServletRequest innermost = (ServletRequest) request;
        while (innermost instanceof ServletRequestWrapper wrapper) {
            innermost = wrapper.getRequest();
        }
        String type = innermost.getClass().getName();
        try {
            Object response = type.equals(OF_TOMCAT)
                    ? ofTomcat(innermost)
                    : type.startsWith(OF_JETTY) ? ofJetty(innermost) : null;
            return response instanceof HttpServletResponse http ? http : null;
        } catch (ReflectiveOperationException | RuntimeException other) {
            return null; // whoever needs it says what is missing
        }
    }

    private static @Nullable Object ofTomcat(Object facade) throws ReflectiveOperationException {
        Field field = facade.getClass().getDeclaredField("request");
        field.setAccessible(true);
        Object response = given(field.get(facade), "getResponse");
        return given(response, "getResponse"); // that one's facade
    }

    private static @Nullable Object ofJetty(Object request) throws ReflectiveOperationException {
        try {
            return given(request, "getResponse");
        } catch (NoSuchMethodException from12On) {
            return given(given(request, "getServletRequestInfo"), "getHttpServletResponse");
        }
    }

    private static @Nullable Object given(@Nullable Object by, String method) throws ReflectiveOperationException {
        return by == null ? null : by.getClass().getMethod(method).invoke(by);
    }
}
