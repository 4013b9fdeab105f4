package dev.holdfast.runtime.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.InvalidPolicyException;
import dev.holdfast.definition.notify.NotifyReader;
import dev.holdfast.runtime.Woven;
import dev.holdfast.runtime.settings.Settings;
import dev.holdfast.runtime.time.VirtualTime;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with what {@code @NotifyOnFailure} says, and with the configuration of channels. */
class NotifyDefinitionTest {

    @SuppressWarnings({"UnusedMethod", "UnusedVariable", "DoNotCallSuggester"}) // reached by handles
    private static final class Shop {

        static String find(Throwable planned) {
            throw new AssertionError("the wrapper is not called here");
        }

        private static String find$holdfast(Throwable planned) throws Throwable {
            throw planned;
        }
    }

    private static void call(String definition, Map<String, String> properties) throws Throwable {
        new Woven.Jvm(VirtualTime.turningItself(), properties)
                .method(MethodHandles.privateLookupIn(Shop.class, MethodHandles.lookup()), "find", definition)
                .call(null, new IllegalStateException());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "on={java.lang.String.class}      | on must name subclasses of Throwable, was java.lang.String",
                "on={com.acme.Missing.class}      | on names a class that is not there: com.acme.Missing",
                "on={}                            | on must name at least one class of failures",
                "channels={\"a b\"}               | channels must name channels",
                "channels={\"\"}                  | channels must name channels",
                "channels={\"a\",\"a\"}           | channels names \"a\" twice",
                "after=0                          | after must be 1 to 10000, was 0",
                "after=10001                      | after must be 1 to 10000, was 10001",
                "within=\"soon\"                  | within must be a whole number and a unit",
                "within=\"0s\"                    | within must be 1ns or more",
                "within=\"\"                      | within must be",
                "message=\"{nobody}\"             | message \"{nobody}\": ",
                "message=\"{failure.nothing}\"    | message \"{failure.nothing}\": ",
                "message=\"{#1}\"                 | there is no parameter #1",
                "message=\"{open\"                | message \"{open\": ",
            })
    void a_faulty_attribute_is_refused(String attribute, String fault) {
        assertThatThrownBy(() -> call("@NotifyOnFailure(" + attribute + ")", Map.of()))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining("@NotifyOnFailure " + (fault.startsWith("there") ? "message" : ""))
                .hasMessageContaining(fault);
    }

    @Test
    void all_faults_of_all_annotations_are_told_at_once() {
        assertThatThrownBy(() ->
                        call("@NotifyOnFailure(after=0,within=\"x\")\n@NotifyOnFailure(message=\"{x}\")", Map.of()))
                .isInstanceOf(InvalidPolicyException.class)
                .message()
                .contains("after must be", "within must be", "message \"{x}\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "message={nope}                | @NotifyOnFailure message \"{nope}\": ",
                "on=IllegalStateException      | names a class that is not there: IllegalStateException; expected: its full name",
                "except=java.lang.String       | must name subclasses of Throwable",
                "channels=log,log              | names \"log\" twice",
            })
    void a_fault_that_comes_from_the_configuration_names_its_key_and_is_told_once(String setting, String fault) {
        int equals = setting.indexOf('=');
        String key = "holdfast.NotifyOnFailure/" + setting.substring(0, equals);
        assertThatThrownBy(() -> call(
                        "@NotifyOnFailure()\n@NotifyOnFailure(after=2)", Map.of(key, setting.substring(equals + 1))))
                .isInstanceOf(InvalidPolicyException.class)
                .message()
                .contains(fault)
                .endsWith(" (from " + key + " (system property))")
                .doesNotContain("\n");
    }

    @Test
    void a_fault_of_the_whole_annotation_names_the_keys_that_it_may_come_from() {
        String key = "holdfast.CircuitBreaker/windowTime";
        assertThatThrownBy(() -> call("@Recover(breaker={@CircuitBreaker(window=10,minCalls=5)})", Map.of(key, "10s")))
                .isInstanceOf(InvalidPolicyException.class)
                .hasMessageContaining("@Recover breaker has window = 10 and windowTime")
                .message()
                .endsWith(" (from " + key + " (system property))");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "holdfast.notify=a b",
                "holdfast.notify.digest=0s",
                "holdfast.channel.ops=hooks/secret",
                "holdfast.channel.ops=teams://host/?key=secret",
                "holdfast.channel.ops=smtp://user:secret@host/?from=a@b.c",
                "holdfast.channel.ops=redis:?stream=s",
                "holdfast.channel.=log:",
                "holdfast.channel.a/b=log:",
                "holdfast.NotifyOnFailure/after=0",
                "holdfast.NotifyOnFailure/severity=LOUD",
                "holdfast.NotifyOnFailure/channels=a b",
            })
    void a_faulty_setting_is_refused_at_the_start_without_telling_secrets(String setting) {
        int equals = setting.indexOf('=');
        Map<String, String> properties = Map.of(setting.substring(0, equals), setting.substring(equals + 1));
        assertThatThrownBy(() -> call("@NotifyOnFailure()", properties))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(setting.substring(0, equals))
                .hasMessageNotContaining("secret");
    }

    @Test
    void the_address_of_a_channel_is_found_as_property_variable_and_in_any_case_of_its_form() {
        assertThat(Settings.read(Map.of("holdfast.channel.ops-mail", " log: "), Map.of())
                        .channel("ops-mail"))
                .isEqualTo("log:");
        assertThat(Settings.read(Map.of("holdfast.notify", "log,ops"), Map.of()).warnings())
                .containsExactly("holdfast.notify names the channel ops, which has no address; its events go to the log"
                        + " until holdfast.channel.ops is set");
        Settings settings = Settings.read(Map.of(), Map.of("HOLDFAST_CHANNEL_OPS_MAIL", "file:/x"));
        assertThat(settings.channel("ops-mail")).isEqualTo("file:/x");
        assertThat(settings.channel("another")).isNull();
        assertThat(settings.warnings()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"ops,true", "ops-mail.2_x,true", "2,true", "'',false", "-x,false", "a b,false", "a/b,false", "ü,false"})
    void a_channel_can_be_called_so(String name, boolean can) {
        assertThat(NotifyReader.isChannel(name)).isEqualTo(can);
    }
}
