// SPDX-License-Identifier: MIT OR BSL-1.0
#include "modules/serial_port/serial_port.hpp"

namespace emilua {

template <> struct enum_names<serial_port::flow_control> {
    using o = serial_port::flow_control;
    static constexpr auto name = "flow_control";
    static constexpr enum_item<o> items[] = {
        {"software", o::software, "Characters stop and start it: XON, XOFF."},
        {"hardware", o::hardware, "Lines of the cable do: RTS, CTS."},
    };
};

template <> struct enum_names<serial_port::parity> {
    using o = serial_port::parity;
    static constexpr auto name = "parity";
    static constexpr enum_item<o> items[] = {
        {"odd", o::odd, "The number of ones, the parity bit's too, is odd."},
        {"even", o::even, "It is even."},
    };
};

template <> struct enum_names<serial_port::stop_bits> {
    using o = serial_port::stop_bits;
    static constexpr auto name = "stop_bits";
    static constexpr enum_item<o> items[] = {
        {"one", o::one, "One bit."},
        {"one_point_five", o::one_point_five, "One and a half."},
        {"two", o::two, "Two bits."},
    };
};

template <> struct fields_of<serial_port::window_size> {
    using o = serial_port::window_size;
    static constexpr auto name = "window_size";
    static constexpr field_description items[] = {
        field<&o::rows>("rows", "Lines of text."),
        field<&o::columns>("columns", "Characters in a line."),
    };
};

} // namespace emilua

namespace emilua::serial_port {
namespace {

serial_port make(vm& owner, std::optional<consumed<file_descriptor>> fd) {
    return serial_port{owner, std::move(fd)};
}

constexpr auto fd_doc = "A descriptor of a terminal.";
constexpr auto new_doc = "Makes a closed port, or one of a descriptor.";
constexpr auto new_details =
    "The descriptor is taken as {@ref serial_port.assign} does.";
constexpr auto break_doc =
    "Holds the line for a quarter of a second, as no character does.";
constexpr auto break_details =
    "What is still to be sent goes first. Ends that are no device, as those "
    "of {@ref serial_port.ptypair}, do nothing. EBADF when it is closed. "
    "tcsendbreak(3).";

void describe_stream(class_builder<serial_port>& c) {
    c.sync("open", fn<&serial_port::open>,
           {{"device", "Its file, such as /dev/ttyS0."}},
           "Opens a port, for raw bytes.",
           "Its settings become those of cfmakeraw(3), with the receiver on "
           "and the lines of a modem ignored; the rest stays as it is. Never "
           "becomes the terminal that controls this process. ENOENT, EACCES, "
           "EBUSY, ENOTTY for what is no terminal; {@error already_open} when "
           "this object is open. open(2).")
        .sync("close", fn<&serial_port::close>, {}, "Closes the port.",
              "Pending operations fail with {@error operation_aborted}. "
              "Closing again does nothing. A device may take its time to send "
              "what was written. close(2).")
        .sync("cancel", fn<&serial_port::cancel>, {},
              "Ends all pending operations.",
              "They fail with {@error operation_aborted}; what has succeeded "
              "already is delivered. EBADF when it is closed.")
        .sync("assign", fn<&serial_port::assign>, {{"fd", fd_doc}},
              "Takes a terminal that was opened elsewhere.",
              "It belongs to this object then, with its settings as they are, "
              "and the given one is closed. Its flags stay too, but for "
              "O_NONBLOCK of a master. EINVAL for \"fd\" when it is no "
              "terminal; {@error already_open} when this object is open.")
        .sync("release", fn<&serial_port::release>, {},
              "Gives the descriptor away.",
              "Pending operations fail with {@error operation_aborted}; this "
              "object is closed afterwards and may be opened again. EBADF "
              "when it is closed.")
        .async("read_some", fn<&serial_port::read_some>,
               {{"buffer", "Where the data goes."}},
               "Reads what has arrived, and waits if nothing has.",
               "Suspends. Gives the number of bytes, at least one; 0 for an "
               "empty buffer. The error {@error eof} when the other side hung "
               "up: of a master, when nobody has the terminal open any more. "
               "EIO when the terminal may not be read by a process in the "
               "background. read(2).")
        .async("write_some", fn<&serial_port::write_some>,
               {{"buffer", "The data."}},
               "Writes as much as fits, and waits if nothing does.",
               "Suspends. Gives the number of bytes taken, which can be fewer "
               "than asked for: see {@ref stream.write_all}. EIO when the "
               "other side hung up. write(2).")
        .property("is_open", fn<&serial_port::is_open>,
                  "Whether the port is open.");
}

void describe_terminal(class_builder<serial_port>& c) {
    c.sync("isatty", fn<&serial_port::isatty>, {}, "Whether it is a terminal.",
           "All that can be opened is. EBADF when it is closed. isatty(3).")
        .sync("tcgetpgrp", fn<&serial_port::tcgetpgrp>, {},
              "The foreground process group of the terminal.",
              "0 when there is none. ENOTTY when it is neither the terminal "
              "that controls this process nor a master. tcgetpgrp(3).")
        .sync("tcsetpgrp", fn<&serial_port::tcsetpgrp>,
              {{"pgrp_id", "A process group of this session."}},
              "Makes a process group the foreground of the terminal.",
              "ENOTTY when it does not control this process, EPERM for a group "
              "of another session. A background process is stopped by SIGTTOU "
              "unless that is ignored. tcsetpgrp(3).")
        .property("window_size", fn<&serial_port::get_window_size>,
                  fn<&serial_port::set_window_size>,
                  "How large the window is that shows the terminal.",
                  "The kernel only keeps it; the foreground process group gets "
                  "SIGWINCH when it changes. Not in the reference. "
                  "ioctl_tty(2): TIOCGWINSZ, TIOCSWINSZ.");
}

// Of what is set, a device does what it can; tcsetattr(3) fails only when it
// can do none of it.
void describe_settings(class_builder<serial_port>& c) {
    c.property("baud_rate", fn<&serial_port::get_baud_rate>,
               fn<&serial_port::set_baud_rate>,
               "Bits a second, in both directions.",
               "Any number is tried; what can be read afterwards is what the "
               "device does. 0 hangs up. EBADF when the port is closed. "
               "termios(3).")
        .property("flow_control", fn<&serial_port::get_flow_control>,
                  fn<&serial_port::set_flow_control>,
                  "How a receiver stops its sender; nothing: not at all.",
                  "termios(3): IXON, IXOFF, CRTSCTS.")
        .property("parity", fn<&serial_port::get_parity>,
                  fn<&serial_port::set_parity>,
                  "What a bit behind each character makes of it; nothing: "
                  "there is no such bit.",
                  "A character that came wrong is read as NUL. A device that "
                  "has no parity, such as a pseudoterminal, keeps having "
                  "none. termios(3): PARENB, PARODD, INPCK.")
        .property("stop_bits", fn<&serial_port::get_stop_bits>,
                  fn<&serial_port::set_stop_bits>, "What ends a character.",
                  "EOPNOTSUPP for \"one_point_five\", which Linux does not "
                  "tell from two. termios(3): CSTOPB.")
        .property("character_size", fn<&serial_port::get_character_size>,
                  fn<&serial_port::set_character_size>,
                  "The bits of a character, from 5 to 8.",
                  "A device that knows 8 only, such as a pseudoterminal, keeps "
                  "that. termios(3): CSIZE.");
}

} // namespace

void describe(module_builder& m) {
    m.doc("Serial ports, and terminals of every other kind.");
    auto c = m.cls<serial_port>(
        "serial_port", "A serial port, or either end of a pseudoterminal.");
    c.moves()
        .trait("read_stream")
        .trait("write_stream")
        .constructor("new", fn<&make>, {{"fd", fd_doc}}, new_doc, new_details)
        .only(languages::typescript);
    describe_stream(c);
    c.sync("send_break", fn<&serial_port::send_break>, {}, break_doc,
           break_details)
        .only(languages::lua)
        .async("send_break", fn<&serial_port::send_break_meanwhile>, {},
               break_doc, break_details)
        .only(languages::typescript);
    describe_terminal(c);
    describe_settings(c);
    m.sync("new", fn<&make>, {{"fd", fd_doc}}, new_doc, new_details)
        .only(languages::lua);
    m.sync("ptypair", fn<&ptypair>, {},
           "Makes a pseudoterminal: its master, and the terminal itself.",
           "What is written to one is read from the other, by way of the "
           "terminal's settings. The second is for a child process, as its "
           "streams and as `set_ctty` of {@ref system.spawn}; it controls "
           "nobody before. Both are closed on exec. EMFILE when the process "
           "has too many descriptors, ENOSPC when there are too many "
           "pseudoterminals. posix_openpt(3), ioctl_tty(2): TIOCGPTPEER.")
        .tuple();
}

} // namespace emilua::serial_port
