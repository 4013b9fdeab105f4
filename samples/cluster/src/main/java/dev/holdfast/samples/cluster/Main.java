package dev.holdfast.samples.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code run.sh} starts: sets the stage, plays, and tells. */
public final class Main {

    private static final int THINK_MILLIS = 150;
    private static final long PATIENCE_SECONDS = 90;

    private final Map<String, String> options;
    private final Checks checks = new Checks();

    private Main(Map<String, String> options) {
        this.options = options;
    }

    /**
     * Ends with status 0 if everything was as promised, 1 if something was not, and 2 if it could not be played.
     *
     * @param arguments as of {@code run.sh}, which has looked at them, each as {@code name=value}
     */
    public static void main(String[] arguments) throws InterruptedException {
        Map<String, String> options = new HashMap<>();
        Arrays.stream(arguments).map(one -> one.split("=", 2)).forEach(pair -> options.put(pair[0], pair[1]));
        int status;
        try {
            status = new Main(options).play() ? 0 : 1;
        } catch (IOException | RuntimeException broken) {
            System.err.println("The play broke off: " + broken);
            status = 2;
        }
        System.exit(status);
    }

    private String option(String name) {
        return options.get(name);
    }

    private int number(String name) {
        return Integer.parseInt(option(name));
    }

    private boolean play() throws IOException, InterruptedException {
        boolean everyBalance = option("balance").equals("all");
        Nginx.Balance balance = everyBalance ? Nginx.Balance.ROUND_ROBIN : of(Nginx.Balance.class, option("balance"));
        Settings settings = new Settings(
                option("agent"),
                Path.of(option("work")),
                balance,
                of(Redis.Kind.class, option("redis")),
                option("rabbitmq"),
                option("shop").equals("servlet"),
                everyBalance || balance == Nginx.Balance.LEAST_CONN,
                number("port"));
        say("");
        say("Starting " + (settings.servlet() ? "three nodes on Tomcat" : "three nodes") + " and what they need:");
        try (Stage stage = new Stage(settings, line -> say("   " + line))) {
            if (option("soak").equals("yes")) {
                soak(stage);
            } else {
                acts(stage, settings.balance(), everyBalance);
            }
            if (!option("screenshot").isEmpty()) {
                Screenshot.take(stage.address(), settings.work(), option("chromium"), Path.of(option("screenshot")));
                say("A picture of the shop is in " + option("screenshot"));
            }
            say("");
            if (checks.broken().isEmpty()) {
                say("All " + checks.lines().size() + " checks were as promised.");
            } else {
                say(checks.broken().size() + " of " + checks.lines().size() + " checks were not as promised.");
            }
            if (option("stay").equals("yes")) {
                say("");
                say("Everything goes on running; Ctrl-C ends it. The shop is at " + stage.address());
                Thread.currentThread().join();
            }
        }
        return checks.broken().isEmpty();
    }

    private void acts(Stage stage, Nginx.Balance first, boolean every) throws IOException, InterruptedException {
        for (Nginx.Balance one : every ? List.of(Nginx.Balance.values()) : List.of(first)) {
            if (one != first) {
                stage.nginx().balance(one);
            }
            act(stage, one);
        }
    }

    private void soak(Stage stage) throws IOException, InterruptedException {
        long seconds = number("seconds");
        long seed = Long.parseLong(option("seed"));
        say("");
        say(option("users") + " users come for " + seconds + " s, with faults at random, by the seed " + seed + ".");
        Soak soak = new Soak(stage, Main::say);
        soak.run(number("users"), THINK_MILLIS, seconds, seed, patience());
        say("");
        soak.report().forEach(Main::say);
        say("");
        soak.check(checks);
        checks.lines().forEach(Main::say);
    }

    /** How long messages are waited for; without the agent nobody sends any. */
    private long patience() {
        return option("agent").isEmpty() ? 1 : PATIENCE_SECONDS;
    }

    private void act(Stage stage, Nginx.Balance balance) throws IOException, InterruptedException {
        Fault fault = of(Fault.class, option("fault"));
        long seconds = number("seconds");
        say("");
        say(option("users") + " users come for " + seconds + " s; Nginx: " + balance + "; fault: " + fault + ".");
        Play play = new Play(stage, Main::say);
        play.run(
                number("users"),
                THINK_MILLIS,
                seconds,
                Long.parseLong(option("seed")),
                () -> play.faults().script(fault, seconds),
                patience());
        say("");
        play.report().forEach(Main::say);
        say("");
        int before = checks.lines().size();
        play.check(checks);
        if (fault != Fault.NODE && fault != Fault.ALL) {
            play.checkBalance(checks, balance);
        }
        checks.lines().subList(before, checks.lines().size()).forEach(Main::say);
    }

    /** A constant by what it is called on the command line. */
    private static <E extends Enum<E>> E of(Class<E> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.toString().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + type.getSimpleName() + " is called " + name));
    }

    private static void say(String line) {
        System.out.println(line);
    }
}
