package dev.holdfast.it.programs.said;

import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;

/** Stack traces of failures that went through woven methods. */
public final class Traces {

    /** The line of whoever calls this. */
    private static int line() {
        return new Throwable().getStackTrace()[1].getLineNumber();
    }

    private int thrownAt;

    @Recover(attempts = 2, delay = "0s")
    private void plain(int value) {
        int changed = value;
        value = 0;
        if (changed > 0) {
            fail();
        }
    }

    @Recover(attempts = 2, delay = "0s", breaker = @CircuitBreaker(window = 1_000, minCalls = 1_000), timeout = "1h")
    private void gated(int value) {
        int changed = value;
        value = 0;
        if (changed > 0) {
            fail();
        }
    }

    @Recover(fallback = "instead")
    private void recovered() {
        fail();
    }

    private void instead(IllegalStateException failure) {
        throw failure;
    }

    private void fail() {
        thrownAt = line() + 1;
        throw new IllegalStateException("planned");
    }

    private void check(StackTraceElement[] trace, String method, int calledAt) {
        Expect.equal("fail", trace[0].getMethodName());
        Expect.equal(thrownAt, trace[0].getLineNumber());
        Expect.equal("Traces.java", trace[0].getFileName());
        Expect.contains(method, trace[1].getMethodName());
        Expect.equal("Traces.java", trace[1].getFileName());
        Expect.equal(Traces.class.getName(), trace[1].getClassName());
        boolean body = false;
        boolean caller = false;
        for (StackTraceElement frame : trace) {
            if (frame.getClassName().equals(Traces.class.getName())) {
                body |= frame.getMethodName().startsWith(method);
                caller |= frame.getLineNumber() == calledAt;
            }
        }
        Expect.that(body, "the body is in the trace");
        Expect.that(caller, "the caller's line " + calledAt + " is in the trace");
    }

    @Case(bare = true)
    void lines_are_true_through_a_plain_wrapper() {
        int[] at = new int[1];
        IllegalStateException failure = Expect.thrown(IllegalStateException.class, () -> {
            at[0] = line() + 1;
            plain(1);
        });
        check(failure.getStackTrace(), "plain", at[0]);
    }

    @Case(bare = true)
    void lines_are_true_through_a_gated_wrapper() {
        int[] at = new int[1];
        IllegalStateException failure = Expect.thrown(IllegalStateException.class, () -> {
            at[0] = line() + 1;
            gated(1);
        });
        check(failure.getStackTrace(), "gated", at[0]);
    }

    @Case(bare = true)
    void a_failure_that_a_fallback_throws_again_keeps_its_trace() {
        int[] at = new int[1];
        IllegalStateException failure = Expect.thrown(IllegalStateException.class, () -> {
            at[0] = line() + 1;
            recovered();
        });
        check(failure.getStackTrace(), "recovered", at[0]);
    }

    @Recover(attempts = 2, delay = "0s")
    private static StackTraceElement[] here() {
        return new Throwable().getStackTrace();
    }

    @Case
    void the_success_path_has_one_more_frame() {
        here();
        StackTraceElement[] trace = here();
        Expect.equal("here$holdfast", trace[0].getMethodName());
        Expect.equal("here", trace[1].getMethodName());
        Expect.equal("the_success_path_has_one_more_frame", trace[2].getMethodName());
    }
}
