package web;

import jakarta.servlet.Filter;
import jakarta.servlet.Servlet;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.util.EventListener;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** A servlet container in this JVM, on a loopback port of its own. There is one implementation for each container. */
public interface Container extends AutoCloseable {

    /** Starts the one that is on the class path: its class is {@code web.Server}. */
    static Container start(Servlet servlet, Filter... outermostFirst) throws Exception {
        return (Container) Class.forName("web.Server")
                .getConstructor(Servlet.class, Filter[].class)
                .newInstance(servlet, outermostFirst);
    }

    /** What the applications that start from now on have as their listener; null for none. */
    static void listener(EventListener listener) {
        Listening.LISTENER.set(listener);
    }

    /** Registers it, as applications do. */
    final class Listening implements ServletContainerInitializer {

        private static final AtomicReference<EventListener> LISTENER = new AtomicReference<>();

        @Override
        public void onStartup(Set<Class<?>> classes, ServletContext context) {
            EventListener listener = LISTENER.get();
            if (listener != null) {
                context.addListener(listener);
            }
        }
    }

    int port();
}
