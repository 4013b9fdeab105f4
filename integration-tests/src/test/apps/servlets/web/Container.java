package web;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;

/** A servlet container in this JVM, on a loopback port of its own. There is one implementation for each container. */
public interface Container extends AutoCloseable {

    /** Starts the one that is on the class path: its class is {@code web.Server}. */
    static Container start(Servlet servlet, Filter... outermostFirst) throws Exception {
        return (Container) Class.forName("web.Server")
                .getConstructor(Servlet.class, Filter[].class)
                .newInstance(servlet, outermostFirst);
    }

    int port();
}
