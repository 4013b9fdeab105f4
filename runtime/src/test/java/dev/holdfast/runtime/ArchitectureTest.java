package dev.holdfast.runtime;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Test;

/** The rules of the house: who may know whom, and what happens in one place alone. */
final class ArchitectureTest {

    private static final String MIDDLE = "dev.holdfast.runtime";

    /** A room is what there is to one annotation. */
    private static final List<String> ROOMS = List.of(
            "dev.holdfast.runtime.recover..",
            "dev.holdfast.runtime.ratelimit..",
            "dev.holdfast.runtime.session..",
            "dev.holdfast.runtime.notify..");

    private static final JavaClasses RUNTIME = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.holdfast.runtime", "dev.holdfast.bridge");

    private static final ArchRule MIDDLE_KNOWS_NO_ROOM = noClasses()
            .that()
            .resideInAPackage(MIDDLE)
            .and()
            .doNotHaveSimpleName("Layers")
            .and(not(simpleNameStartingWith("Layers$")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOMS.toArray(new String[0]));

    private static final ArchRule ONLY_TIME_TELLS_TIME = noClasses()
            .that()
            .resideOutsideOfPackage("dev.holdfast.runtime.time")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(java.time.Clock.class, java.util.Timer.class)
            .orShould()
            .callMethod(java.time.Instant.class, "now");

    private static final ArchRule ONLY_TIME_WAITS_AND_STARTS_THREADS = noClasses()
            .that()
            .resideOutsideOfPackage("dev.holdfast.runtime.time")
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callConstructorWhere(target(owner(type(Thread.class))))
            .orShould()
            .dependOnClassesThat(type(java.util.concurrent.Executors.class)
                    .or(type(java.util.concurrent.ForkJoinPool.class))
                    .or(type(java.util.concurrent.ScheduledThreadPoolExecutor.class))
                    .or(type(java.util.concurrent.ThreadPoolExecutor.class)));

    @Test
    void the_bridge_needs_nothing_but_the_jdk() {
        classes()
                .that()
                .resideInAPackage("dev.holdfast.bridge")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.holdfast.bridge", "java..", "org.jspecify..")
                .check(RUNTIME);
    }

    @Test
    void nothing_is_woven_here() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("net.bytebuddy..", "org.objectweb..", "dev.holdfast.agent..")
                .check(RUNTIME);
    }

    /** The application has its own copies, so an instance of one of ours is none of its. Constants never come from there. */
    @Test
    void the_annotations_and_exceptions_are_known_by_name_alone() {
        noClasses()
                .should()
                .dependOnClassesThat(resideInAPackage("dev.holdfast").and(not(assignableTo(Enum.class))))
                .check(RUNTIME);
    }

    @Test
    void rooms_do_not_know_each_other() {
        for (String room : ROOMS) {
            for (String other : ROOMS) {
                if (!room.equals(other)) {
                    noClasses()
                            .that()
                            .resideInAPackage(room)
                            .should()
                            .dependOnClassesThat()
                            .resideInAPackage(other)
                            .check(RUNTIME);
                }
            }
        }
    }

    @Test
    void the_middle_knows_the_rooms_in_one_place() {
        MIDDLE_KNOWS_NO_ROOM.check(RUNTIME);
    }

    @Test
    void what_stands_below_does_not_know_what_stands_above() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.holdfast.runtime.time..", "dev.holdfast.runtime.log..", "dev.holdfast.runtime.settings..")
                .should()
                .dependOnClassesThat(
                        // The form of a duration is everybody's.
                        resideInAnyPackage(withMiddle()).and(not(simpleName("DurationText"))))
                .check(RUNTIME);
        SlicesRuleDefinition.slices()
                .matching("dev.holdfast.runtime.(time|log|settings)..")
                .should()
                .beFreeOfCycles()
                .check(RUNTIME);
    }

    private static String[] withMiddle() {
        String[] above = ROOMS.toArray(new String[ROOMS.size() + 1]);
        above[ROOMS.size()] = MIDDLE;
        return above;
    }

    @Test
    void only_time_tells_the_time() {
        ONLY_TIME_TELLS_TIME.check(RUNTIME);
    }

    @Test
    void only_time_waits_and_starts_threads() {
        ONLY_TIME_WAITS_AND_STARTS_THREADS.check(RUNTIME);
    }

    @Test
    void nothing_goes_to_stdout() {
        noClasses().should().accessField(System.class, "out").check(RUNTIME);
    }

    /** Those of names make what is shared, and those of tallies count; each holds it for a few steps, and around nothing that blocks. */
    @Test
    void no_method_as_a_whole_holds_a_monitor_but_those_of_names_and_tallies() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .haveNameNotMatching(".*\\.(Names|NamedBreakers|NamedLimits|Limit|LocalMeter|Remembered\\$Part)")
                .and()
                .areDeclaredInClassesThat()
                .areNotAssignableTo(java.util.Hashtable.class) // is so itself
                .should()
                .haveModifier(JavaModifier.SYNCHRONIZED)
                .check(RUNTIME);
    }

    /** Such a map would keep what belongs to an application that is long gone. */
    @Test
    void no_static_map_is_there_to_leak() {
        fields().that()
                .areStatic()
                .should()
                .notHaveRawType(not(assignableTo(ConcurrentMap.class)).negate())
                .check(RUNTIME);
    }

    @Test
    void the_rules_find_what_they_forbid() {
        JavaClasses offenders = new ClassFileImporter().importClasses(Offender.class);
        assertThat(offenders).isNotEmpty();
        for (ArchRule rule : List.of(MIDDLE_KNOWS_NO_ROOM, ONLY_TIME_TELLS_TIME, ONLY_TIME_WAITS_AND_STARTS_THREADS)) {
            assertThatThrownBy(() -> rule.check(offenders))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("Offender");
        }
    }

    /** Does what must not be done. */
    @SuppressWarnings("unused")
    private static final class Offender {

        static final Class<?> ROOM = dev.holdfast.runtime.recover.RecoverRoom.class;

        static long time() {
            return System.nanoTime();
        }

        static void waits() throws InterruptedException {
            Thread.sleep(1);
            new Thread(Offender::time).start();
        }
    }
}
