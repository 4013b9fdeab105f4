package dev.holdfast.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsExchange;
import java.lang.reflect.Method;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpArgumentsTest {

    abstract static class OwnExchange extends HttpsExchange {}

    interface Methods {

        void none();

        void plain(HttpExchange exchange);

        void secure(String first, long second, HttpsExchange exchange);

        void own(OwnExchange exchange);

        void general(Object exchange);

        void several(HttpExchange[] exchanges);
    }

    @ParameterizedTest
    @CsvSource({"none, false", "plain, true", "secure, true", "own, true", "general, false", "several, false"})
    void knows_an_exchange_by_the_type_of_the_parameter(String name, boolean canAnswer) {
        Method method = Arrays.stream(Methods.class.getDeclaredMethods())
                .filter(one -> one.getName().equals(name))
                .findFirst()
                .orElseThrow();
        assertThat(HttpArguments.of(method).canAnswer()).isEqualTo(canAnswer);
    }
}
