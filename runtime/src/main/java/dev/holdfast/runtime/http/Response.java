package dev.holdfast.runtime.http;

import java.util.Map;

/**
 * What a method was handed to answer a client with. Its methods throw whatever the application's own objects throw, for the response may be
 * wrapped by a filter. Not thread-safe: it belongs to one call.
 */
public interface Response {

    /** Whether something was sent, so that no other status can be. */
    boolean hasBegun() throws Throwable;

    /**
     * Sends a whole response. Of what was prepared before, a body that was buffered goes, and so do headers that told of it; other headers
     * stay, for they may be from a filter outside of the method.
     *
     * @param headers beside {@code Content-Length}
     * @param body ASCII; left out, but counted, where the client asked for the headers alone
     */
    void send(int status, Map<String, String> headers, byte[] body) throws Throwable;

    /**
     * Ends a response that has begun in such a way that the client finds it incomplete, unless it is complete.
     *
     * @return false if nobody can but the server, by an exception that reaches it
     */
    boolean breakOff() throws Throwable;
}
