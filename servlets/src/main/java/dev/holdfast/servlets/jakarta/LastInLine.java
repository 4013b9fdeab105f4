package dev.holdfast.servlets.jakarta;

import jakarta.servlet.ServletResponse;
import jakarta.servlet.ServletResponseWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * Keeps Tomcat from shutting a response that is still held. After a forward, Tomcat closes the response that it was given; from 11 on it looks for its own
 * one instead, through all wrappers, and lets nobody write to it any more. So a {@link HeldResponse} wraps one that is no wrapper, and not Tomcat's.
 */
final class LastInLine {

    private static final String OF_TOMCAT = "org.apache.catalina.connector.ResponseFacade";

    private LastInLine() {}

    /** What is to be wrapped in place of a response; itself where that does no harm. */
    static HttpServletResponse of(HttpServletResponse response) {
        ServletResponse innermost = response;
        while (innermost instanceof ServletResponseWrapper wrapper) {
            innermost = wrapper.getResponse();
        }
        if (!innermost.getClass().getName().equals(OF_TOMCAT)) {
            return response;
        }
        return (HttpServletResponse) Proxy.newProxyInstance(
                LastInLine.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (proxy, method, arguments) -> {
                    try {
                        return method.invoke(response, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
