package known;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.collect.HashBasedTable;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Table;
import com.google.common.collect.TreeMultimap;
import com.google.common.hash.Hashing;
import dev.holdfast.it.programs.Case;
import dev.holdfast.it.programs.Expect;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.lang3.time.FastDateFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.ByteBuffersDirectory;
import reactor.core.publisher.Flux;

/** Well-known libraries do a piece of their own work, with every method of theirs woven. */
public final class Works {

    @Case
    void the_library_is_woven() {
        int woven = 0;
        for (var method : Splitter.class.getDeclaredMethods()) {
            woven += method.getName().endsWith("$holdfast") ? 1 : 0;
        }
        Expect.that(woven > 10, "Guava is woven, was " + woven);
    }

    public static final class Order {
        public String id;
        public List<Integer> amounts = new ArrayList<>();
        public Map<String, Order> parts = new java.util.TreeMap<>();
    }

    @Case
    void jackson() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        Order order = mapper.readValue(
                "{\"id\":\"a\",\"amounts\":[1,2,3],\"parts\":{\"p\":{\"id\":\"b\",\"amounts\":[],\"parts\":{}}}}", Order.class);
        Expect.equal("b", order.parts.get("p").id);
        JsonNode tree = mapper.valueToTree(order);
        Expect.equal(6, tree.get("amounts").get(0).asInt() + tree.get("amounts").get(1).asInt() + tree.get("amounts").get(2).asInt());
        Expect.equal(tree, mapper.readTree(mapper.writeValueAsString(order)));
        Expect.thrown(com.fasterxml.jackson.core.JsonProcessingException.class, () -> mapper.readTree("{"));
    }

    @Case
    void guava() throws Exception {
        Table<String, Integer, String> table = HashBasedTable.create();
        TreeMultimap<String, Integer> multimap = TreeMultimap.create();
        for (String part : Splitter.on(',').trimResults().omitEmptyStrings().split("c, a,, b, a")) {
            multimap.put(part, part.hashCode());
            table.put(part, part.length(), part);
        }
        Expect.equal("[a, b, c]", multimap.keySet().toString());
        Expect.equal(3, table.size());
        Expect.equal("{a=1, b=2}", ImmutableSortedMap.of("b", 2, "a", 1).toString());
        Expect.equal(
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                Hashing.sha256().hashString("abc", StandardCharsets.UTF_8).toString());
        Expect.equal(9, CacheBuilder.newBuilder().maximumSize(2).build(CacheLoader.from((Integer n) -> n * n)).get(3));
        Expect.thrown(IllegalArgumentException.class, () -> Splitter.fixedLength(0));
    }

    @Case
    void h2() throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:works");
                Statement statement = connection.createStatement()) {
            statement.execute("create table product(id int primary key, name varchar, price decimal(10,2))");
            for (int i = 0; i < 100; i++) {
                statement.execute("insert into product values(" + i + ", 'p" + i % 7 + "', " + i + ".25)");
            }
            ResultSet rows = statement.executeQuery(
                    "select name, count(*), sum(price) from product group by name having count(*) > 14 order by name");
            rows.next();
            Expect.equal("p0 15 738.75", rows.getString(1) + " " + rows.getInt(2) + " " + rows.getBigDecimal(3));
            Expect.thrown(SQLException.class, () -> statement.execute("insert into product values(1, 'x', 1)"));
        }
    }

    @Case
    void lucene() throws Exception {
        ByteBuffersDirectory directory = new ByteBuffersDirectory();
        try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(null))) {
            for (int i = 0; i < 200; i++) {
                Document document = new Document();
                document.add(new StringField("kind", i % 3 == 0 ? "fizz" : "other", Field.Store.YES));
                document.add(new IntPoint("number", i));
                writer.addDocument(document);
            }
            writer.forceMerge(1);
        }
        try (DirectoryReader reader = DirectoryReader.open(directory)) {
            IndexSearcher searcher = new IndexSearcher(reader);
            Expect.equal(67, searcher.count(new TermQuery(new Term("kind", "fizz"))));
            Expect.equal(10, searcher.count(IntPoint.newRangeQuery("number", 10, 19)));
        }
    }

    @Case
    void commons_lang() throws Exception {
        Expect.equal("sihT", StringUtils.reverse("This"));
        Expect.equal(3, StringUtils.getLevenshteinDistance("kitten", "sitting"));
        Expect.equal(0L, FastDateFormat.getInstance("yyyy-MM-dd'T'HH:mm:ssZ").parse("1970-01-01T00:00:00+0000").getTime());
    }

    @Case
    void reactor() {
        Expect.equal(
                List.of(4, 16, 36),
                Flux.range(1, 6).filter(n -> n % 2 == 0).map(n -> n * n).collectList().block());
    }
}
