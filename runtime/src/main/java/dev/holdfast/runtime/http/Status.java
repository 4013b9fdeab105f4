package dev.holdfast.runtime.http;

/** The statuses that are answered with. Source of the reason phrases: RFC 9110 and RFC 6585. */
public enum Status {
    TOO_MANY_REQUESTS(429, "Too Many Requests"),
    INTERNAL_SERVER_ERROR(500, "Internal Server Error"),
    SERVICE_UNAVAILABLE(503, "Service Unavailable"),
    GATEWAY_TIMEOUT(504, "Gateway Timeout");

    private final int code;
    private final String reason;

    Status(int code, String reason) {
        this.code = code;
        this.reason = reason;
    }

    public int code() {
        return code;
    }

    /** As it stands behind the code. */
    public String reason() {
        return reason;
    }

    /** As in {@code 503 Service Unavailable}. */
    @Override
    public String toString() {
        return code + " " + reason;
    }
}
