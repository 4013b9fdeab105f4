package dev.holdfast.runtime.settings;

import dev.holdfast.runtime.log.Level;
import dev.holdfast.runtime.redis.RedisAddress;
import java.io.File;
import java.util.List;

/**
 * The one list of what can be configured: validation, the help of the command line and the table in the documentation all come
 * from it. A key stands here once something depends on it.
 */
public final class Keys {

    public static final Key<Boolean> ENABLED = Key.live(
            "holdfast.enabled",
            Rule.flag(),
            "true",
            "false: nothing is woven; what is woven already runs as if it were not");

    public static final Key<WeavePatterns> WEAVE = Key.atStart(
            "holdfast.weave",
            new Rules.Patterns(),
            "",
            "what is woven; nothing given, or only exclusions: everything else");

    public static final Key<WhenInvalid> INVALID = Key.live(
            "holdfast.invalid",
            Rule.oneOf(WhenInvalid.class),
            "fail",
            "calls of a method with an invalid definition: fail: throw; warn: run unprotected");

    public static final Key<Level> LOG = Key.live(
            "holdfast.log",
            Rule.oneOf(Level.class),
            "info",
            "the least level that is logged, to the application's SLF4J where it has one, else to stderr");

    public static final Key<RedisAddress> REDIS = Key.atStart(
            "holdfast.redis",
            new Rules.RedisUrl(JdkModules.ofThisJvm()),
            null,
            "the Redis that the nodes of a cluster share; user, password and database as usual: redis://user:password@host:port/0");

    public static final Key<String> REDIS_PREFIX =
            Key.atStart("holdfast.redis.prefix", Rule.text(), "holdfast:", "what every key in Redis begins with");

    public static final Key<Long> REDIS_TIMEOUT =
            Key.atStart("holdfast.redis.timeout", Rule.duration(), "50ms", "how long one command to Redis may take");

    public static final Key<WeavePatterns> SESSION_ALLOW = Key.live(
            "holdfast.session.allow",
            new Rules.Patterns(),
            "",
            "the classes whose objects are serialized into sessions, beside those that need no such thing");

    public static final Key<Long> SESSION_LIMIT = Key.live(
            "holdfast.session.limit",
            Rule.wholeNumber(1024, Integer.MAX_VALUE),
            "1048576",
            "how many bytes the values of one session may take");

    public static final Key<Long> SESSION_RESPONSE = Key.live(
            "holdfast.session.response",
            Rule.wholeNumber(0, Integer.MAX_VALUE),
            "65536",
            "how many bytes of a response are held until its session is saved; a larger one streams, and is preceded by the session");

    public static final Key<List<String>> NOTIFY = Key.live(
            "holdfast.notify",
            new Rules.ChannelNames(),
            "",
            "the channels that are told of failures where an annotation names none; none: the log");

    public static final Key<Long> NOTIFY_DIGEST = Key.live(
            "holdfast.notify.digest",
            Rule.duration(),
            "5m",
            "how often people are told of the failures behind the first of a kind, which they are told at once");

    public static final Key<File> JOURNAL = Key.atStart(
            "holdfast.journal",
            new Rules.FileName(),
            null,
            "the folder where events are kept until they are delivered; none: one under the system's temporary folder");

    public static final Key<String> APPLICATION = Key.atStart(
            "holdfast.application",
            Rule.text(),
            null,
            "what the application is called in events, and by which it finds its journal again; none: its main class or jar");

    public static final Key<File> CONFIG = Key.atStart(
            "holdfast.config",
            new Rules.FileName(),
            null,
            "a properties file in UTF-8 with any of these keys but this one, and overrides; watched for changes");

    /** All of them, in the order in which they are explained. */
    public static final List<Key<?>> ALL = List.of(
            ENABLED,
            WEAVE,
            INVALID,
            LOG,
            REDIS,
            REDIS_PREFIX,
            REDIS_TIMEOUT,
            SESSION_ALLOW,
            SESSION_LIMIT,
            SESSION_RESPONSE,
            NOTIFY,
            NOTIFY_DIGEST,
            JOURNAL,
            APPLICATION,
            CONFIG);

    private Keys() {}

    /** All of them for the command line, some lines each, with a line break behind the last. */
    public static String help() {
        StringBuilder help = new StringBuilder();
        for (Key<?> key : ALL) {
            help.append("  ").append(key.name());
            help.append("\n      ").append(key.meaning());
            help.append("\n      ").append(key.rule().form());
            help.append("\n      default: ").append(shownDefault(key)).append('\n');
        }
        return help.toString();
    }

    /** All of them as a table in Markdown, with a line break behind the last row. */
    public static String table() {
        StringBuilder table = new StringBuilder("| key | value | default | meaning | a change applies |\n");
        table.append("| --- | --- | --- | --- | --- |\n");
        for (Key<?> key : ALL) {
            table.append("| `").append(key.name());
            table.append("` | ").append(cell(key.rule().form()));
            table.append(" | ").append(cell(shownDefault(key)));
            table.append(" | ").append(cell(key.meaning()));
            table.append(" | ")
                    .append(key.live() ? "while it runs" : "at the next start")
                    .append(" |\n");
        }
        return table.toString();
    }

    static String shownDefault(Key<?> key) {
        String usual = key.usual();
        return usual == null ? "none" : usual.isEmpty() ? "empty" : usual;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("*", "\\*");
    }
}
