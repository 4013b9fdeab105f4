package dev.holdfast.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WeavePatternsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                              | com.acme.Quotes           | true",
                "'  '                            | Quotes                    | true",
                "com.acme.*                      | com.acme.Quotes           | true",
                "com.acme.*                      | com.acme.Quotes$Inner     | true",
                "com.acme.*                      | com.acme.web.Quotes       | false",
                "com.acme.*                      | com.acmex.Quotes          | false",
                "com.acme.*                      | org.acme.Quotes           | false",
                "com.acme.**                     | com.acme.Quotes           | true",
                "com.acme.**                     | com.acme.web.api.Quotes   | true",
                "com.acme.**                     | com.acmex.Quotes          | false",
                "com.acme.**                     | com.acme                  | false",
                "*                               | Quotes                    | true",
                "*                               | com.acme.Quotes           | false",
                "**                              | com.acme.Quotes           | true",
                "com.acme.Quotes                 | com.acme.Quotes           | true",
                "com.acme.Quotes                 | com.acme.Quotes$Inner     | true",
                "com.acme.Quotes                 | com.acme.Quotes$1$Deeper  | true",
                "com.acme.Quotes                 | com.acme.QuotesService    | false",
                "com.acme.Quotes                 | com.acme.Quote            | false",
                "com.acme.Quotes$Inner           | com.acme.Quotes$Inner     | true",
                "com.acme.Quotes$Inner           | com.acme.Quotes           | false",
                "com.acme.Quotes.Inner           | com.acme.Quotes$Inner     | true",
                "com.acme.Quotes.Inner           | com.acme.Quotes$Inner$X   | true",
                "com.acme                        | com.acme.Quotes           | false",
                "com.acme.*,org.other.Thing      | org.other.Thing           | true",
                "' com.acme.* , org.other.Thing '| org.other.Thing           | true",
                "!com.acme.*                     | com.acme.Quotes           | false",
                "!com.acme.*                     | com.acme.web.Quotes       | true",
                "!com.acme.*,!org.**             | org.other.Thing           | false",
                "com.acme.**,!com.acme.web.**    | com.acme.Quotes           | true",
                "com.acme.**,!com.acme.web.**    | com.acme.web.Quotes       | false",
                "com.acme.**,!com.acme.web.**    | org.other.Thing           | false",
                "!com.acme.web.**,com.acme.**    | com.acme.web.Quotes       | false",
                "'! com.acme.Quotes'             | com.acme.Quotes$Inner     | false",
            })
    void admits_what_is_included_and_not_excluded(String patterns, String className, boolean admitted) {
        assertThat(WeavePatterns.of(patterns).test(className)).isEqualTo(admitted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "com.acme.*Service",
                "com.*.Quotes",
                "***",
                "com.acme.***",
                ".*",
                ".com",
                "com.",
                "com..acme",
                "com/acme/*",
                "!",
                "!!a.*",
                "1st.*",
                "a b",
                "*.*",
                "com.acme*",
                "com.acme.Quotes#quote",
                "^com"
            })
    void names_a_pattern_that_is_none(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeavePatterns.of("com.acme.**," + pattern))
                .withMessage("must be " + WeavePatterns.FORM + "; not a pattern: \"" + pattern + "\"");
    }

    @Test
    void names_all_patterns_that_are_none() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> WeavePatterns.of("a-b,com.acme.*,,x y"))
                .withMessageEndingWith("; not a pattern: \"a-b\", \"\", \"x y\"");
    }

    @Test
    void doubts_a_class_that_looks_like_a_package() {
        assertThat(WeavePatterns.of("com.acme").doubt())
                .isEqualTo("\"com.acme\" stands for a class; for a package write com.acme.**");
        assertThat(WeavePatterns.of("*,!com.acme.**").doubt())
                .isEqualTo("\"*\" stands for classes without a package; for all classes write **");
        assertThat(WeavePatterns.of("com.acme.Quotes,com.acme.*,!org.other.**").doubt())
                .isNull();
    }
}
