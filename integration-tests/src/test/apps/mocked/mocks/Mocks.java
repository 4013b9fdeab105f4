package mocks;

import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.mockStatic;
import static org.mockito.Mockito.mockingDetails;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import org.mockito.MockedStatic;

/** A test of the application's, with mocks of classes that are woven: the ordinary ones, which change the class itself. */
public final class Mocks {

    /** Final, so that a mock is no subclass. */
    static final class Quotes {

        int attempts;

        @Recover(attempts = 3, delay = "0s")
        String quote(String id) {
            attempts++;
            return fetch(id);
        }

        String fetch(String id) {
            throw new IllegalStateException("planned");
        }

        @Recover(breaker = @CircuitBreaker, maxConcurrent = 5, timeout = "1h")
        String gated(String id) {
            return id;
        }

        @Recover(attempts = 3, delay = "0s", fallback = "instead")
        static String all() {
            throw new IllegalStateException("planned");
        }

        static String instead() {
            return "instead";
        }
    }

    /** Not final, and abstract, as ports of an application are. */
    abstract static class Port {

        int attempts;

        @Recover(attempts = 3, delay = "0s")
        String quote(String id) {
            attempts++;
            return fetch(id);
        }

        abstract String fetch(String id);
    }

    @Case
    void a_mock_of_a_woven_final_class() {
        Quotes quotes = mock(Quotes.class);
        Expect.same(Quotes.class, quotes.getClass());
        when(quotes.quote("a")).thenReturn("mocked");
        Expect.equal("mocked", quotes.quote("a"));
        Expect.equal(null, quotes.quote("b"));
        Expect.equal(null, quotes.gated("b"));
        verify(quotes).quote("a");
        verify(quotes, times(2)).quote(anyString());
        IllegalStateException planned = new IllegalStateException("planned");
        doThrow(planned).when(quotes).gated("c");
        // It is the method that is mocked, policy and all.
        Expect.thrown(planned, () -> quotes.gated("c"));
        verify(quotes, times(1)).gated("c");
        Expect.equal(0, quotes.attempts);
    }

    @Case
    void a_spy_calls_the_method_with_its_policy() {
        Quotes quotes = spy(new Quotes());
        Expect.thrown(IllegalStateException.class, () -> quotes.quote("a"));
        Expect.equal(3, quotes.attempts);
        verify(quotes).quote("a");
        verify(quotes, times(3)).fetch("a");
        doThrow(new IllegalStateException("planned")).doReturn("x").when(quotes).fetch("a");
        Expect.equal("x", quotes.quote("a"));
        Expect.equal("g", quotes.gated("g"));
    }

    @Case
    void an_abstract_class_with_its_real_methods() {
        Port port = mock(Port.class, org.mockito.Mockito.CALLS_REAL_METHODS);
        when(port.fetch("a")).thenThrow(new IllegalStateException("planned")).thenReturn("x");
        port.attempts = 0;
        Expect.equal("x", port.quote("a"));
        Expect.equal(2, port.attempts);
    }

    @Case
    void other_objects_of_a_mocked_class_go_on_as_before() {
        Quotes mocked = mock(Quotes.class);
        Expect.that(mockingDetails(mocked).isMock(), "it is a mock");
        Quotes real = new Quotes();
        Expect.thrown(IllegalStateException.class, () -> real.quote("a"));
        Expect.equal(3, real.attempts);
        Expect.equal("x", real.gated("x"));
    }

    @Case
    void static_methods() {
        Expect.equal("instead", Quotes.all());
        try (MockedStatic<Quotes> mocked = mockStatic(Quotes.class)) {
            mocked.when(Quotes::all).thenReturn("mocked");
            Expect.equal("mocked", Quotes.all());
        }
        Expect.equal("instead", Quotes.all());
    }
}
