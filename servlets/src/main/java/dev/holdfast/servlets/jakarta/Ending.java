package dev.holdfast.servlets.jakarta;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/** What ends a response in place of its body. The container does it, once the session is saved. Immutable. */
interface Ending {

    /** The status that the response is going to have. */
    int status();

    void send(HttpServletResponse to) throws IOException;

    /** An error, with the container's page for it. */
    record ErrorPage(int status, @Nullable String message) implements Ending {

        @Override
        public void send(HttpServletResponse to) throws IOException {
            if (message == null) {
                to.sendError(status);
            } else {
                to.sendError(status, message);
            }
        }
    }

    /**
     * A redirect. What is null was not said, as servlets before 6.1 cannot.
     *
     * @param given the status
     * @param clearing whether what was written is left out
     */
    record Redirect(
            String location,
            @Nullable Integer given,
            @Nullable Boolean clearing) implements Ending {

        public Redirect {
            if (location == null) {
                throw new IllegalArgumentException("a redirect to null");
            }
        }

        @Override
        public int status() {
            return given == null ? HttpServletResponse.SC_FOUND : given;
        }

        boolean clears() {
            return clearing == null || clearing;
        }

        @Override
        public void send(HttpServletResponse to) throws IOException {
            if (given == null && clearing == null) {
                to.sendRedirect(location);
            } else {
                sendAsAsked(to);
            }
        }

        private void sendAsAsked(HttpServletResponse to) throws IOException {
            try {
                HttpServletResponse.class
                        .getMethod("sendRedirect", String.class, int.class, boolean.class)
                        .invoke(to, location, status(), clears());
            } catch (InvocationTargetException thrown) {
                if (thrown.getCause() instanceof IOException failed) {
                    throw failed;
                }
                throw new IllegalStateException(thrown.getCause());
            } catch (ReflectiveOperationException older) {
                throw new IllegalStateException("a redirect of servlets from 6.1 on", older);
            }
        }
    }
}
