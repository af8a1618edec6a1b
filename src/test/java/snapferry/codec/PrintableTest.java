package snapferry.codec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void whatATerminalObeysIsEscaped() {
    assertThat(Printable.escape("\33[2J\0\7\u007f\u009b"))
        .isEqualTo("\\u001b[2J\\u0000\\u0007\\u007f\\u009b");
    assertThat(Printable.escape("a\tb\r\nc")).isEqualTo("a\\tb\\r\\nc");
    assertThat(Printable.escape("\u2028\u202e\ufeff\ud800\ue000"))
        .isEqualTo("\\u2028\\u202e\\ufeff\\ud800\\ue000");
    assertThat(Printable.escape(Character.toString(0xe0001))).isEqualTo("\\udb40\\udc01");
  }

  @Test
  void whatIsShownAsItIsStaysAsItIs() {
    String text = "vol0.img: 4 KiB → größer, \\, 日本 \ud83d\udea2";
    assertThat(Printable.escape(text)).isEqualTo(text);
  }
}
