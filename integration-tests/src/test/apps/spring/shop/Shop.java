package shop;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.holdfast.BreakerOpenException;
import dev.holdfast.CircuitBreaker;
import dev.holdfast.Recover;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import dev.holdfast.it.programs.Program;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** A Spring Boot application with annotated beans, plain ones and such that Spring has put a proxy around. */
@SpringBootApplication
@EnableTransactionManagement
public class Shop {

    static ApplicationContext context;

    public static void main(String[] arguments) throws Exception {
        SpringApplication application = new SpringApplication(Shop.class);
        application.setBannerMode(org.springframework.boot.Banner.Mode.OFF);
        context = application.run("--logging.threshold.console=OFF");
        for (Method method : Program.cases(Cases.class, false)) {
            Cases cases = new Cases();
            method.setAccessible(true);
            Program.run("Shop." + method.getName(), () -> {
                try {
                    method.invoke(cases);
                } catch (java.lang.reflect.InvocationTargetException thrown) {
                    throw thrown.getCause();
                }
            });
        }
        System.exit(SpringApplication.exit(context));
    }

    /** Counts. */
    @Component
    static class Transactions extends AbstractPlatformTransactionManager {

        final List<String> log = new ArrayList<>();

        @Override
        protected Object doGetTransaction() {
            return new Object();
        }

        @Override
        protected void doBegin(Object transaction, TransactionDefinition definition) {
            log.add("begin");
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            log.add("commit");
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            log.add("rollback");
        }
    }

    /** No proxy at all; calls itself, too. */
    @Service
    static class Quotes {

        int attempts;

        @Recover(attempts = 3, delay = "1ms")
        String quote() throws IOException {
            attempts++;
            throw new IOException("planned");
        }

        @Recover(fallback = "instead")
        public String outer() throws IOException {
            return inner();
        }

        @Recover(attempts = 2, delay = "0s")
        private String inner() throws IOException {
            attempts++;
            throw new IOException("planned");
        }

        private String instead(IOException failure) {
            return "instead";
        }
    }

    /** Spring puts a subclass around it, for the transactions. */
    @Service
    static class Orders {

        int attempts;

        /** The proxy is around the object, and so is its transaction: three attempts in one. */
        @Transactional
        @Recover(on = IllegalStateException.class, attempts = 3, delay = "1ms")
        public String placed(int failures) {
            if (!TransactionSynchronizationManager.isActualTransactionActive()) {
                throw new AssertionError("no transaction");
            }
            if (attempts++ < failures) {
                throw new IllegalStateException("planned");
            }
            return "placed";
        }

        @Transactional
        public String stored(int failures) {
            if (attempts++ < failures) {
                throw new IllegalStateException("planned");
            }
            return "stored";
        }

        @Transactional
        @Recover(breaker = @CircuitBreaker(window = 2, minCalls = 2, openFor = "1h"))
        public String broken() {
            throw new IllegalStateException("planned");
        }
    }

    /** Calls a transaction, and calls it again: each attempt has one of its own. */
    @Service
    static class Desk {

        private final Orders orders;

        Desk(Orders orders) {
            this.orders = orders;
        }

        @Recover(attempts = 3, delay = "1ms")
        public String stored(int failures) {
            return orders.stored(failures);
        }
    }

    record Part(String name) {}

    /** Spring puts a subclass around this, too, so that a bean is made once, whoever asks. */
    @Configuration
    static class Parts {

        static int attempts;

        @Bean
        @Recover(attempts = 3, delay = "1ms")
        public Part inner() {
            if (++attempts < 3) {
                throw new IllegalStateException("planned");
            }
            return new Part("inner");
        }

        @Bean
        public Part[] outer() {
            return new Part[] {inner(), inner()};
        }
    }

    @Component
    static class Faulty {
        @Recover(attempts = -5)
        public void invalid() {}
    }

    static final class Cases {

        @Case
        void a_bean_is_woven_and_its_policy_applies_once() {
            Quotes quotes = context.getBean(Quotes.class);
            quotes.attempts = 0;
            Expect.thrown(IOException.class, quotes::quote);
            Expect.equal(3, quotes.attempts);
            Expect.same(Quotes.class, quotes.getClass());
        }

        @Case
        void calls_within_a_bean_are_woven() throws IOException {
            Quotes quotes = context.getBean(Quotes.class);
            quotes.attempts = 0;
            Expect.equal("instead", quotes.outer());
            Expect.equal(2, quotes.attempts);
        }

        @Case
        void a_proxied_bean_retries_once_and_within_its_transaction() {
            Orders orders = context.getBean(Orders.class);
            Expect.that(AopUtils.isCglibProxy(orders), "it is a proxy, was " + orders.getClass());
            Expect.equal("placed", orders.placed(2));
            Expect.equal(List.of("begin", "commit"), transactions());
            Expect.thrown(IllegalStateException.class, () -> context.getBean(Orders.class).placed(1_000));
            Expect.equal(List.of("begin", "rollback"), transactions());
            Expect.equal(6, attempts(orders));
        }

        @Case
        void a_retry_around_a_proxied_bean_is_around_its_transactions() {
            Orders orders = context.getBean(Orders.class);
            int before = attempts(orders);
            Expect.equal("stored", context.getBean(Desk.class).stored(before + 2));
            Expect.equal(3, attempts(orders) - before);
            Expect.equal(List.of("begin", "rollback", "begin", "rollback", "begin", "commit"), transactions());
        }

        @Case
        void a_proxied_bean_has_one_breaker() {
            Orders orders = context.getBean(Orders.class);
            for (int i = 0; i < 2; i++) {
                Expect.thrown(IllegalStateException.class, orders::broken);
            }
            Expect.thrown(BreakerOpenException.class, orders::broken);
            transactions();
        }

        @Case
        void a_bean_is_made_once_by_a_configuration_that_tries_again() {
            Part[] parts = context.getBean(Part[].class);
            Expect.equal(3, Parts.attempts);
            Expect.same(parts[0], parts[1]);
            Expect.same(parts[0], context.getBean(Part.class));
            Expect.contains("$$", context.getBean(Parts.class).getClass().getName());
        }

        @Case
        void messages_go_to_its_own_logging() {
            Logger root = ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
            ListAppender<ILoggingEvent> events = new ListAppender<>();
            events.start();
            root.addAppender(events);
            Expect.outcome(() -> new Late().invalid());
            Expect.eventually(() -> events.list.stream()
                    .anyMatch(event -> event.getLevel() == Level.ERROR
                            && event.getFormattedMessage().contains("Late.invalid")));
            Expect.contains("jar:nested:", String.valueOf(Logger.class.getProtectionDomain().getCodeSource().getLocation()));
        }

        private static int attempts(Orders orders) {
            try {
                return ((Orders) ((org.springframework.aop.framework.Advised) orders).getTargetSource().getTarget()).attempts;
            } catch (Exception impossible) {
                throw new AssertionError(impossible);
            }
        }

        private static List<String> transactions() {
            List<String> log = ((Transactions) context.getBean(PlatformTransactionManager.class)).log;
            List<String> copy = List.copyOf(log);
            log.clear();
            return copy;
        }
    }
}

/** Of its own, as Spring loads the classes that a configuration has inside. */
class Late {
    @Recover(attempts = -5)
    public void invalid() {}
}
