package dev.holdfast.runtime.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.holdfast.definition.MethodModel;
import dev.holdfast.definition.TypeUse;
import dev.holdfast.definition.template.Template;
import dev.holdfast.runtime.Guarded;
import dev.holdfast.runtime.GuardedMethod;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TemplateTest {

    /** Package-private, as many an application's are. */
    record User(String id, int age, @Nullable User boss) {}

    /** With each kind of property. */
    public static class Tenant {
        public final String region = "eu";
        public static final String STATIC = "no";

        public String getName() {
            return "acme";
        }

        public boolean isActive() {
            return true;
        }

        public String label(String language) {
            return "label-" + language;
        }

        public String label(Object any) {
            return "object-" + any;
        }

        public String pair(Object one, String other) {
            return "" + one + other;
        }

        public String pair(String one, Object other) {
            return "" + one + other;
        }

        public void nothing() {}

        public String boom() throws IOException {
            throw new IOException("boom");
        }

        String hidden() {
            return "no";
        }
    }

    private static class Shut extends Tenant {}

    @SuppressWarnings("unused")
    String search(User user, Tenant tenant, Map<String, String> headers, int[] ids, long size) {
        return "";
    }

    public String getPlace() {
        return "here";
    }

    @SuppressWarnings("unused")
    static void named(String method, HttpServer server) {}

    private static final List<String> NAMES = List.of("user", "tenant", "headers", "ids", "size");

    private static final GuardedMethod SEARCH = Guarded.method(MethodHandles.lookup(), "search");
    private static final MethodModel SEARCHED = SEARCH.model().named(NAMES);
    private static final MethodModel NAMED =
            Guarded.method(MethodHandles.lookup(), "named").model().named(List.of("method", "server"));

    private final @Nullable Object[] everything = {
        this, new User("u1", 7, new User("u2", 50, null)), new Tenant(), Map.of("X-User", "it's"), new int[] {3, 4}, 9L
    };
    private final List<String> faults = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{user.id} | u1",
                "{#0.id}:{#4} | u1:9",
                "a{user.boss.id}b{user.age} | au2b7",
                "{user.boss.boss.id} | null",
                "{tenant.name} {tenant.active} {tenant.region} | acme true eu",
                "{ tenant . label ( 'de' ) } | label-de",
                "{headers.get('X-User')} | it's",
                "{headers.get('it''s')}/{headers.size} | null/1",
                "{ids} | [3, 4]",
                "{this.place} | here",
                "{method} | dev.holdfast.runtime.template.TemplateTest.search",
                "{{user}} | {user}",
                "plain | plain",
                "{user.id.length}{user.id.concat('{}')} | 2u1{}",
            })
    void gives_what_is_in_its_holes(String text, String expected) throws Throwable {
        Template template = Template.read(text, SEARCHED, List.of(), faults::add);
        assertThat(faults).isEmpty();
        assertThat(linked(template).text(everything)).isEqualTo(expected);
    }

    @Test
    void gives_the_very_value_of_a_sole_hole() throws Throwable {
        Template size = Template.read("{size}", SEARCHED, List.of(), faults::add);
        assertThat(linked(size).value(everything)).isEqualTo(9L);
        assertThat(required(size).soleType()).isEqualTo(TypeUse.of("long", 0));
        assertThat(required(size).isConstant()).isFalse();
        Template both = Template.read("{size}!", SEARCHED, List.of(), faults::add);
        assertThat(required(both).soleType()).isNull();
        assertThat(linked(both).value(everything)).isEqualTo("9!");
        Template constant = Template.read("2", SEARCHED, List.of(), faults::add);
        assertThat(required(constant).isConstant()).isTrue();
        assertThat(required(constant)).isEqualTo(Template.read("2", SEARCHED, List.of(), faults::add));
    }

    @Test
    void takes_an_empty_text_for_a_constant() throws Throwable {
        assertThat(linked(Template.read("", SEARCHED, List.of(), faults::add)).text(everything))
                .isEmpty();
    }

    @Test
    void knows_what_there_is_beside() throws Throwable {
        Template message = Template.read(
                "{failure.message} {failure} {user.id}",
                SEARCHED,
                List.of(new Template.Variable("failure", TypeUse.of("java.lang.Throwable", 0))),
                faults::add);
        assertThat(faults).isEmpty();
        assertThat(linked(message).text(everything, new IOException("lost")))
                .isEqualTo("lost java.io.IOException: lost u1");
    }

    @Test
    void goes_by_a_public_type_above_a_hidden_one() throws Throwable {
        class Local {
            @SuppressWarnings("unused")
            void search(Executor executor, Shut shut) {}
        }
        MethodModel method = Guarded.method(
                        MethodHandles.privateLookupIn(Local.class, MethodHandles.lookup()), "search")
                .model()
                .named(List.of("e", "shut"));
        assertThat(read("{shut.name}", method)).isEmpty();
        assertThat(read("{server.address}", NAMED)).isEmpty();
        assertThat(read("{e.toString}", method)).isEmpty();
    }

    @Test
    void lets_through_what_the_application_throws_on_the_way() throws Throwable {
        LinkedTemplate boom = linked(Template.read("{tenant.boom}", SEARCHED, List.of(), faults::add));
        assertThatThrownBy(() -> boom.text(everything))
                .isInstanceOf(IOException.class)
                .hasMessage("boom");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{usr.id} | there is no parameter usr; expected: user, tenant, headers, ids, size, this or method",
                "{#5} | there is no parameter #5; expected: user, tenant, headers, ids, size, this or method",
                "{#99999999999} | there is no parameter #99999999999; expected: user, tenant, headers, ids, size, this or method",
                "{user.name} | dev.holdfast.runtime.template.TemplateTest$User has no public name; expected: name(), getName(), isName() or a field name",
                "{tenant.hidden} | dev.holdfast.runtime.template.TemplateTest$Tenant has no public hidden; expected: hidden(), getHidden(), isHidden() or a field hidden",
                "{tenant.STATIC} | dev.holdfast.runtime.template.TemplateTest$Tenant has no public STATIC; expected: STATIC(), getSTATIC(), isSTATIC() or a field STATIC",
                "{tenant.nothing()} | dev.holdfast.runtime.template.TemplateTest$Tenant has no public method nothing that takes nothing and gives something",
                "{tenant.pair('a','b')} | several methods pair take 2 texts; expected: one that does, or another way to the value",
                "{tenant.label('a','b')} | dev.holdfast.runtime.template.TemplateTest$Tenant has no public method label that takes 2 texts and gives something",
                "{size.x} | there is nothing behind long; expected: no .x",
                "{method.length} | there is nothing behind {method}, which is a text; expected: no step, or #0 for a parameter of that name",
                "{user | expected: . or } at character 6, found: its end",
                "{} | expected: a name at character 2, found: \"}\"",
                "{#} | expected: the number of a parameter, as in #0 at character 3, found: \"}\"",
                "a}b | a } without a { before it; expected: }} for one that stands for itself",
                "{user.} | expected: a name at character 7, found: \"}\"",
                "{user!id} | expected: . or } at character 6, found: \"!\"",
                "{tenant.label('a} | expected: a single quote at character 18, found: its end",
                "{tenant.label(1)} | expected: text in single quotes at character 15, found: \"1\"",
                "{tenant.label('a',)} | expected: text in single quotes at character 19, found: \")\"",
            })
    void says_what_is_wrong(String text, String fault) {
        assertThat(read(text, SEARCHED)).containsExactly("\"" + text + "\": " + fault);
    }

    @Test
    void says_that_a_static_method_has_no_this() {
        assertThat(read("{this.place}", NAMED))
                .containsExactly("\"{this.place}\": a static method has no this; expected: method, server or method");
    }

    @Test
    void refuses_to_guess_between_the_method_and_a_parameter_called_so() {
        assertThat(read("{method}", NAMED))
                .containsExactly("\"{method}\": {method} is the method, and a parameter is called so, too; expected:"
                        + " {#0} for the parameter, or another name for it");
        assertThat(read("{#0}", NAMED)).isEmpty();
    }

    @Test
    void names_the_positions_where_nobody_knows_names() {
        assertThat(read("{user}", SEARCH.model()))
                .containsExactly("\"{user}\": the class file does not tell what the parameters are called, so user"
                        + " cannot be found; expected: #0, #1, #2, #3, #4, this or method, or a class that is compiled"
                        + " with -parameters or -g");
        assertThat(read("{#0.id}", SEARCH.model())).isEmpty();
    }

    /** A template or one message, never an exception, and what is a template gives a text. */
    @Test
    void makes_something_of_whatever_is_typed() throws Throwable {
        Random random = new Random(20_261_124);
        String[] atoms = {
            "{",
            "}",
            "{user",
            ".id",
            ".boss",
            "}",
            "{#0",
            "{#",
            "'",
            "(",
            ")",
            ",",
            " ",
            "user",
            "{tenant",
            ".label",
            "('a')",
            ".name",
            "é",
            "\ud83d",
            "\n",
            "#9",
            "{this",
            "{method",
            ".",
            "{{",
            "}}",
            "{headers.get('x')}",
            "{size}",
            "\u0000"
        };
        int templates = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(8);
            for (int atom = 0; atom < length; atom++) {
                text.append(atoms[random.nextInt(atoms.length)]);
            }
            faults.clear();
            Template template = Template.read(text.toString(), SEARCHED, List.of(), faults::add);
            if (template == null) {
                assertThat(faults).as("%s", text).hasSize(1);
            } else {
                assertThat(faults).as("%s", text).isEmpty();
                assertThat(linked(template).text(everything)).isNotNull();
                templates++;
            }
        }
        assertThat(templates).isBetween(2_000, 18_000);
    }

    private List<String> read(String text, MethodModel method) {
        List<String> found = new ArrayList<>();
        Template template = Template.read(text, method, List.of(), found::add);
        assertThat(template == null).isEqualTo(!found.isEmpty());
        return found;
    }

    private static LinkedTemplate linked(@Nullable Template template) throws ReflectiveOperationException {
        return LinkedTemplate.link(required(template), SEARCH, Throwable.class);
    }

    private static Template required(@Nullable Template template) {
        if (template == null) {
            throw new AssertionError("no template");
        }
        return template;
    }
}
