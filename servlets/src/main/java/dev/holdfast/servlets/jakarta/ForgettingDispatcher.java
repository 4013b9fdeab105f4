package dev.holdfast.servlets.jakarta;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;

/** What was written before a forward is to go. Jetty looks after its own response alone, where nothing of what is held can be seen. */
final class ForgettingDispatcher implements RequestDispatcher {

    private final RequestDispatcher dispatcher;

    ForgettingDispatcher(RequestDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public void forward(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        response.resetBuffer(); // refuses where the response has begun
        dispatcher.forward(request, response);
    }

    @Override
    public void include(ServletRequest request, ServletResponse response) throws ServletException, IOException {
        dispatcher.include(request, response);
    }
}
