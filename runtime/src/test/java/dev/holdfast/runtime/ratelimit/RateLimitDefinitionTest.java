package dev.holdfast.runtime.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.InvalidPolicyException;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.time.VirtualTime;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with what {@code @RateLimited} says, and what is not. */
final class RateLimitDefinitionTest {

    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static final class Shop {

        static int find(String user, Integer size, double price, int[] all) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static int find$holdfast(String user, Integer size, double price, int[] all) {
            return 42;
        }

        static int other(String user) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static int other$holdfast(String user) {
            return 43;
        }
    }

    private static MethodHandles.Lookup lookup() throws IllegalAccessException {
        return MethodHandles.privateLookupIn(Shop.class, MethodHandles.lookup());
    }

    private static void call(String definition, Map<String, String> properties) throws Throwable {
        new Woven.Jvm(VirtualTime.turningItself(), properties)
                .method(lookup(), "find", definition)
                .call(null, "me", 1, 1.0, new int[0]);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "per=\"1s\"                                  | permits must be 1 or more, was 0",
                "permits=0                                   | permits must be 1 or more, was 0",
                "permits=-5                                  | permits must be 1 or more, was -5",
                "permits=1,per=\"\"                          | per must be a whole number and a unit",
                "permits=1,per=\"0s\"                        | per must be 1ns or more",
                "permits=1,per=\"soon\"                      | per must be a whole number and a unit",
                "permits=1,burst=-1                          | burst must be 0 or more, was -1",
                "permits=1,burst=2,algorithm=LEAKY_BUCKET    | burst = 2 has no meaning for LEAKY_BUCKET; expected: none, or TOKEN_BUCKET",
                "permits=1,burst=1,algorithm=FIXED_WINDOW    | burst = 1 has no meaning for FIXED_WINDOW",
                "permits=1,burst=9,algorithm=SLIDING_WINDOW  | burst = 9 has no meaning for SLIDING_WINDOW",
                "permits=1,per=\"1us\",algorithm=FIXED_WINDOW | per of a window must be whole milliseconds, was \"1us\"",
                "permits=1,maxWait=\"soon\"                  | maxWait must be a whole number and a unit",
                "permits=5,cost=\"0\"                        | cost must be 1 or more, was 0",
                "permits=5,cost=\"-1\"                       | cost must be 1 or more, was -1",
                "permits=5,cost=\"6\"                        | cost must be at most permits, 5, was 6; no call would ever be let through",
                "permits=9,burst=5,cost=\"6\"                | cost must be at most burst, 5, was 6",
                "permits=5,cost=\"\"                         | cost must be a whole number, or one hole such as {batch.size}, was \"\"",
                "permits=5,cost=\"many\"                     | cost must be a whole number",
                "permits=5,cost=\"1.5\"                      | cost must be a whole number",
                "permits=5,cost=\"99999999999999999999\"     | cost must be a whole number",
                "permits=5,cost=\"{#1}{#1}\"                 | cost must be a whole number, or one hole and nothing beside it",
                "permits=5,cost=\"1{#1}\"                    | cost must be a whole number, or one hole and nothing beside it",
                "permits=5,cost=\"{#0}\"                     | cost \"{#0}\" yields java.lang.String; expected: what yields byte, short, int or long",
                "permits=5,cost=\"{#2}\"                     | cost \"{#2}\" yields double",
                "permits=5,cost=\"{#3}\"                     | cost \"{#3}\" yields int[]",
                "permits=5,cost=\"{#4}\"                     | cost \"{#4}\": there is no parameter #4",
                "permits=5,key=\"{nobody}\"                  | key \"{nobody}\": ",
                "permits=5,key=\"{#0.nothing}\"              | key \"{#0.nothing}\": ",
                "permits=5,key=\"{open\"                     | key \"{open\": ",
                "permits=5,scope=CLUSTER                     | scope CLUSTER needs a Redis, and there is no holdfast.redis; expected: -Dholdfast.redis=redis://host:6379, or scope AUTO or LOCAL",
                "permits=9223372036854775807                 | permits = 9223372036854775807 per 1s are too large to be counted exactly",
                "permits=10,burst=9223372036854775807        | burst = 9223372036854775807 with permits = 10 per 1s are too large",
                "permits=4000000007,per=\"1d\"               | permits = 4000000007 per 1d are too large",
                "permits=1000000000000,per=\"365d\",algorithm=FIXED_WINDOW | permits = 1000000000000 per 365d are too large",
                "permits=2,per=\"100000d\"                   | permits = 2 per 100000d are too large",
            })
    void a_faulty_attribute_is_refused(String attributes, String fault) {
        assertThatThrownBy(() -> call("@RateLimited(" + attributes + ")", Map.of()))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageStartingWith("dev.holdfast.runtime.ratelimit.RateLimitDefinitionTest$Shop.find(")
                .hasMessageContaining("@RateLimited " + fault);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permits=1",
                "permits=1,per=\"1ns\"",
                "permits=1000000000000,per=\"1s\"",
                "permits=1000000007,per=\"1d\"",
                "permits=1,per=\"36500d\"",
                "permits=10,burst=1",
                "permits=10,burst=1000000000",
                "permits=5,cost=\"{#1}\"",
                "permits=5,cost=\" 5 \"",
                "permits=5,maxWait=\"0s\"",
                "permits=5,key=\"all\"",
                "permits=5,key=\"{#0}:{#0.length}:{method}\"",
                "permits=5,scope=LOCAL,whenUnavailable=DENY",
                "permits=1000000000,per=\"20d\",algorithm=SLIDING_WINDOW",
            })
    void what_can_be_meant_is_valid(String attributes) {
        assertThatCode(() -> call("@RateLimited(" + attributes + ")", Map.of())).doesNotThrowAnyException();
    }

    @Test
    void all_faults_of_all_annotations_are_told_at_once() {
        assertThatThrownBy(() -> call(
                        "@RateLimited(permits=0,per=\"x\",cost=\"0\")\n@RateLimited(permits=1,key=\"{x}\",burst=-1)",
                        Map.of()))
                .isInstanceOf(InvalidPolicyException.class)
                .message()
                .contains("permits must be", "per must be", "cost must be", "key \"{x}\"", "burst must be");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "permits=6",
                "permits=5,per=\"2s\"",
                "permits=5,burst=6",
                "permits=5,algorithm=LEAKY_BUCKET",
                "permits=5,key=\"{#0}\"",
                "permits=5,whenUnavailable=DENY"
            })
    void one_name_has_one_definition(String attributes) throws Throwable {
        Woven.Jvm jvm = new Woven.Jvm(VirtualTime.turningItself());
        jvm.method(lookup(), "find", "@RateLimited(permits=5,name=\"shared\")").call(null, "me", 1, 1.0, new int[0]);
        Woven other = jvm.method(lookup(), "other", "@RateLimited(name=\"shared\"," + attributes + ")");
        assertThatThrownBy(() -> other.call(null, "me"))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining("Shop.other(String): @RateLimited name \"shared\" is defined otherwise by")
                .hasMessageContaining("Shop.find(");
    }

    @Test
    void one_name_has_one_definition_on_one_method_too() throws Exception {
        Woven other = new Woven.Jvm(VirtualTime.turningItself())
                .method(
                        lookup(),
                        "other",
                        "@RateLimited(permits=5,name=\"shared\")\n@RateLimited(permits=6,name=\"shared\")");
        assertThatThrownBy(() -> other.call(null, "me"))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining("is defined otherwise by");
    }

    @Test
    void one_name_that_stands_twice_on_a_method_must_have_enough_for_both() throws Throwable {
        String twice =
                "@RateLimited(permits=3,name=\"same\",cost=\"2\")\n@RateLimited(permits=3,name=\"same\",cost=\"%s\")";
        assertThatThrownBy(() -> call(String.format(twice, "2"), Map.of()))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining(
                        "@RateLimited name \"same\" stands here 2 times, and a call takes 4 of it, which has at most 3;"
                                + " no call would ever be let through");
        call(String.format(twice, "1"), Map.of());
        call(
                "@RateLimited(permits=1,name=\"of\",key=\"{#0}\")\n@RateLimited(permits=1,name=\"of\",key=\"x{#0}\")",
                Map.of());
    }

    /** What each call wants of it is its own. */
    @Test
    void costs_waits_and_the_text_of_keys_may_differ_under_one_name() throws Throwable {
        Woven.Jvm jvm = new Woven.Jvm(VirtualTime.turningItself());
        jvm.method(lookup(), "find", "@RateLimited(permits=5,name=\"shared\",key=\"{#0}\",cost=\"{#1}\")")
                .call(null, "me", 1, 1.0, new int[0]);
        Object result = jvm.method(
                        lookup(), "other", "@RateLimited(permits=5,name=\"shared\",key=\"x{#0}\",maxWait=\"1s\")")
                .call(null, "me");
        assertThat(result).isEqualTo(43);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "holdfast.RateLimited/permits=0",
                "holdfast.RateLimited/per=0s",
                "holdfast.RateLimited/algorithm=LEAK",
                "holdfast.RateLimited/scope=here",
                "holdfast.RateLimited/whenUnavailable=perhaps",
            })
    void a_faulty_setting_is_refused_at_the_start(String setting) {
        int equals = setting.indexOf('=');
        Map<String, String> properties = Map.of(setting.substring(0, equals), setting.substring(equals + 1));
        assertThatThrownBy(() -> call("@RateLimited(permits=5)", properties))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(setting.substring(0, equals));
    }

    @Test
    void an_override_means_all_that_stand_on_a_method() {
        assertThatThrownBy(() -> call(
                        "@RateLimited(permits=5,cost=\"3\")\n@RateLimited(permits=500,per=\"1h\",cost=\"4\")",
                        Map.of("holdfast.RateLimited/permits", "2")))
                .message()
                .contains("cost must be at most permits, 2, was 3", "cost must be at most permits, 2, was 4");
    }
}
