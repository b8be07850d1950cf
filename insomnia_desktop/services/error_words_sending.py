"""Title, text and next step of the errors of sending and of variables; `code/reason` where the reason decides."""

from __future__ import annotations

_ADDRESS = "The address cannot be used"
_HEADER = "A header cannot be sent"
_CERTIFICATE = "The server's certificate is not trusted"
_CLIENT = "The client certificate cannot be used"
_ANYWAY = "If you trust it all the same, add its authority under Preferences, Certificates."
_VARIABLE = "A variable cannot be put in"

WORDS: dict[str, tuple[str, str, str]] = {
    "template.unknown_names": (
        "Unknown variables",
        "These variables have no value here: {names}. Nothing was sent.",
        "Give them a value in the environment, or choose another environment.",
    ),
    "template.syntax": (
        _VARIABLE,
        "What stands between the braces in {where}, line {line}, column {column},{through} cannot be read{in_detail}.",
        "Correct it, or write {{% raw %}} before and {{% endraw %}} behind what shall stay as it is.",
    ),
    "template.syntax/unclosed": (
        _VARIABLE,
        "A variable in {where}, line {line}, column {column},{through} is opened and not closed.",
        "Close it, or write {{% raw %}} before and {{% endraw %}} behind what shall stay as it is.",
    ),
    "template.syntax/empty": (
        _VARIABLE,
        "Nothing stands between the braces in {where}, line {line}, column {column}.",
        "Write the name of a variable there.",
    ),
    "template.syntax/unknown_tag": (
        _VARIABLE,
        "The tag {tag} in {where}, line {line}, column {column}, is not known.",
        "Only raw is; write {{% raw %}} before and {{% endraw %}} behind what shall stay as it is.",
    ),
    "template.cycle": (
        "Variables that need each other",
        "The variables {names} in {where} lead back to themselves.",
        "Give one of them a value of its own.",
    ),
    "template.too_large": (
        _VARIABLE,
        "With its variables {where} becomes larger than {limit_size}.",
        "Use a smaller value, or send a file.",
    ),
    "template.failed": (
        _VARIABLE,
        "The expression {expression} in {where} stopped: {reason}.",
        "Look at the values of the variables in it.",
    ),
    "send.bad_address": (_ADDRESS, "{address} cannot be read as an address.", "Correct the address."),
    "send.bad_address/empty": (_ADDRESS, "The address is empty. Nothing was sent.", "Write the address to send to."),
    "send.bad_address/scheme": (
        _ADDRESS,
        "{scheme}: is not a way that this program sends. Nothing was sent.",
        "Begin the address with http:// or https://.",
    ),
    "send.bad_address/slashes": (
        _ADDRESS,
        "Two slashes are missing behind {scheme}: in {address}. Nothing was sent.",
        "Write it as {scheme}://server/path.",
    ),
    "send.bad_address/no_host": (
        _ADDRESS,
        "The address {address} names no server. Nothing was sent.",
        "Write it as https://server/path.",
    ),
    "send.bad_address/host": (
        _ADDRESS,
        "{host} is not a name that a server can have. Nothing was sent.",
        "Look for blanks and signs that do not belong there.",
    ),
    "send.bad_address/host_length": (
        _ADDRESS,
        "The name of the server is too long or has an empty part. Nothing was sent.",
        "Look for two dots in a row.",
    ),
    "send.bad_address/zone": (
        _ADDRESS,
        "{host} names a network card, which cannot be sent to. Nothing was sent.",
        "Leave out what stands behind the percent sign.",
    ),
    "send.bad_address/port": (
        _ADDRESS,
        "The port {port} is not a number from 1 to 65535. Nothing was sent.",
        "Correct the number behind the colon.",
    ),
    "send.bad_address/international": (
        _ADDRESS,
        "{host} is not a valid international name{in_detail}. Nothing was sent.",
        "Correct the name.",
    ),
    "send.bad_method": (
        "The method cannot be sent",
        "{method} is not a method: only letters, digits and a few signs may stand in one. Nothing was sent.",
        "Correct the method.",
    ),
    "send.bad_header": (
        _HEADER,
        "{header} is not allowed{because}{in_detail}. Nothing was sent.",
        "Correct the header.",
    ),
    "send.bad_header/no_name": (
        _HEADER,
        "A header with the value {value} has no name. Nothing was sent.",
        "Give it a name, or switch the row off.",
    ),
    "send.bad_header/name": (
        _HEADER,
        "{name} is not a name for a header: blanks and signs like : or ( may not stand in it. Nothing was sent.",
        "Correct the name.",
    ),
    "send.bad_header/line_break": (
        _HEADER,
        "The value of {name} has a line break, which would begin another header. Nothing was sent.",
        "Remove the line break, or look into the variables of the value.",
    ),
    "send.bad_header/control": (
        _HEADER,
        "The value of {name} has a control character. Nothing was sent.",
        "Remove it, or look into the variables of the value.",
    ),
    "send.bad_header/length": (
        _HEADER,
        "Content-Length says {written}, but the body has {size} bytes. Nothing was sent.",
        "Remove the header: the right length is added by itself.",
    ),
    "send.bad_variables": (
        "The GraphQL variables are no JSON object",
        "The GraphQL variables cannot be read (line {line}, column {column}): {reason}. Nothing was sent.",
        "Write them as a JSON object.",
    ),
    "send.unknown_body": (
        "This body is of a newer kind",
        "This program does not know bodies of the kind {type}. Nothing was sent.",
        "Update the program, or choose another kind of body.",
    ),
    "send.unknown_authentication": (
        "This authentication is of a newer kind",
        "This program does not know authentication of the kind {type}. Nothing was sent.",
        "Update the program, or choose another kind under Auth.",
    ),
    "send.file_missing": (
        "A file is missing",
        "{the_file} for the {where} is not there. Nothing was sent.",
        "Choose the file again.",
    ),
    "send.file_unreadable": (
        "A file cannot be read",
        "{the_file} for the {where} cannot be read{because}. Nothing was sent.",
        "Look at who may read it, or choose another file.",
    ),
    "send.file_changed": (
        "A file changed while it was sent",
        "{the_file} for the {where} became shorter while it was being sent, so the request was broken off.",
        "Send again when nobody writes to the file.",
    ),
    "send.bad_proxy": (
        "The proxy cannot be used",
        "{address} is not the address of a proxy. Nothing was sent.",
        "Correct it under Preferences, Proxy: http://, https:// or socks5://host:port.",
    ),
    "send.proxy_failed": (
        "The proxy does not help",
        "The proxy {host}:{port} could not be used{in_detail}. Nothing was sent.",
        "Is the proxy running, and right? It is set under Preferences, Proxy.",
    ),
    "send.proxy_authentication": (
        "The proxy asks who you are",
        "The proxy {host}:{port} wants a user name and password. Nothing was sent.",
        "Write them into its address under Preferences, Proxy: http://user:password@host:port.",
    ),
    "send.unknown_host": (
        "{host} was not found",
        "No name server knows the address of {host}. Nothing was sent.",
        "Is the name right, and are you connected to the network where it is known?",
    ),
    "send.refused": (
        "Nobody answers at {host}",
        "{host} was found{at_address}, but port {port} refused the connection. Nothing was sent.",
        "Is the server running, and is the port right? Send again when it is.",
    ),
    "send.unreachable": (
        "{host} cannot be reached",
        "There is no way to {host}{at_address}, port {port}{because}. Nothing was sent.",
        "Are you connected to the right network?",
    ),
    "send.connect_timeout": (
        "{host} does not answer",
        "No connection to {host}{at_address}, port {port}, came about{after}. Nothing was sent.",
        "Is the server running, and does a firewall let you through? The time is set under Preferences, Sending.",
    ),
    "send.timeout": (
        "It took too long",
        "The answer of {host} was not complete{after}. {arrived}",
        "Send again, or allow more time in the request's settings.",
    ),
    "send.tls_certificate": (
        _CERTIFICATE,
        "The certificate of {host} was refused{in_detail}. Nothing was sent.",
        _ANYWAY,
    ),
    "send.tls_certificate/expired": (
        _CERTIFICATE,
        "The certificate of {host} has expired. Nothing was sent.",
        "Whoever runs the server has to renew it; look at this computer's date too.",
    ),
    "send.tls_certificate/not_yet_valid": (
        _CERTIFICATE,
        "The certificate of {host} is not valid yet. Nothing was sent.",
        "Look at this computer's date and time.",
    ),
    "send.tls_certificate/self_signed": (
        _CERTIFICATE,
        "The certificate of {host} is signed by itself, so nobody vouches for it. Nothing was sent.",
        _ANYWAY,
    ),
    "send.tls_certificate/unknown_authority": (
        _CERTIFICATE,
        "The certificate of {host} is signed by an authority that this computer does not know. Nothing was sent.",
        _ANYWAY,
    ),
    "send.tls_certificate/revoked": (
        _CERTIFICATE,
        "The certificate of {host} was revoked. Nothing was sent.",
        "Do not trust this server until it has another one.",
    ),
    "send.tls_certificate/wrong_host": (
        _CERTIFICATE,
        "The server has a certificate for another name than {host}. Nothing was sent.",
        "Is the address right? Its certificate is shown in the timeline.",
    ),
    "send.tls_failed": (
        "No secure connection",
        "{host}, port {port}, did not agree to a secure connection{because}.",
        "Does this port speak https? If not, begin the address with http://.",
    ),
    "send.client_certificate": (
        _CLIENT,
        "The client certificate for {host} cannot be used{in_detail}.",
        "Choose another.",
    ),
    "send.client_certificate/missing": (
        _CLIENT,
        "The client certificate {path} for {host} is not there. Nothing was sent.",
        "Choose the file again under Preferences, Certificates.",
    ),
    "send.client_certificate/unreadable": (
        _CLIENT,
        "The client certificate {path} for {host} cannot be read{in_detail}. Nothing was sent.",
        "It has to be a PEM file with its key, or a PFX file.",
    ),
    "send.client_certificate/password": (
        "A password is needed",
        "The client certificate {path} for {host} is locked with a password. Nothing was sent.",
        "Give the password and send again.",
    ),
    "send.client_certificate/wrong_password": (
        "The password is wrong",
        "The password does not open the client certificate {path}. Nothing was sent.",
        "Give the right password and send again.",
    ),
    "send.client_certificate/refused": (
        "The server wants another client certificate",
        "{host} did not accept who we are{in_detail}.",
        "Add the client certificate for this host under Preferences, Certificates.",
    ),
    "send.authority_file": (
        "A certificate authority cannot be used",
        "The file {path} for {host} cannot be used{because}. Nothing was sent.",
        "Choose a PEM file under Preferences, Certificates.",
    ),
    "send.http2_unavailable": (
        "The server has no HTTP/2",
        "{host}, port {port}, does not speak HTTP/2, and nothing else was allowed. Nothing was sent.",
        "Choose another HTTP version in the request's settings or under Preferences, Sending.",
    ),
    "send.no_response": (
        "No answer",
        "{host} took the request and closed the connection without an answer.",
        "Look into the server's log before you send again: it may have done what was asked.",
    ),
    "send.reset": (
        "The connection broke",
        "The connection to {host} broke{because}. {arrived}",
        "Send again; if it breaks again, look into the server's log.",
    ),
    "send.closed_early": (
        "The answer is not whole",
        "{host} closed the connection before the answer was complete: {received} bytes{of_expected}.",
        "What arrived is kept. Send again to get all of it.",
    ),
    "send.bad_response": (
        "The answer cannot be read",
        "What {host}, port {port}, answered is not HTTP: {reason}.",
        "Is this port the right one, and does it speak http or https?",
    ),
    "send.header_too_large": (
        "The headers of the answer are too long",
        "The headers that {host} answered are longer than {limit_size}.",
        "Look into the server: something sends far too much there.",
    ),
    "send.corrupt_encoding": (
        "The body cannot be unpacked",
        "The body is not valid {encoding}{because}. What could be unpacked is kept.",
        "Send again with the header Accept-Encoding: identity to get it unpacked.",
    ),
    "send.decoded_too_large": (
        "The body unpacks to too much",
        "{wire_size} unpacked to more than {decoded_size}, as a bomb does, so it was stopped.",
        "Send with the header Accept-Encoding: identity if you trust the server.",
    ),
    "send.disk_full": (
        "The disk is full",
        "There was no room for all of the answer. {arrived}",
        "Make room, or delete old responses, and send again.",
    ),
    "send.body_unwritable": (
        "The answer cannot be kept",
        "The answer could not be written to the disk{because}. {arrived}",
        "Look at the data folder, and send again.",
    ),
    "send.too_many_redirects": (
        "Too many redirects",
        "{followed} redirects were followed, and the next one leads to {location}; no more than {limit} are allowed.",
        "Look at the hops in the timeline: they may go in a circle.",
    ),
    "send.bad_redirect": (
        "The redirect leads nowhere",
        "The server answered {status} and sent us to {location}, which is no address.",
        "Look into the server; the answer with its headers is kept.",
    ),
    "send.cancelled": ("Cancelled", "The send was cancelled. What arrived is kept.", "Send again."),
}
