import Cryptography
import FoundationEssentials

/// How all pages look: one style sheet in the page itself, so that a report is one file and a page one request. No picture, font or script.
public enum PageStyle {
    /// `Content-Security-Policy`: nothing may be loaded or run, and only this style sheet applies. `form-action` is for the search.
    public static let policy =
        "default-src 'none'; style-src 'sha256-\(digest)'; form-action 'self'; base-uri 'none'"

    /// Of the text between `<style>` and `</style>`, in the form that the policy wants.
    private static let digest: String = {
        var hasher = SHA256Hasher()
        hasher.update(Array(sheet.utf8))
        return Data(hasher.finishBytes()).base64EncodedString()
    }()

    // Every pair of ink and ground below is at least 4.5 : 1 (WCAG 2.1, AA); a test computes them.
    static let sheet = """
        :root{color-scheme:light dark;--paper:#f7f7f4;--card:#fff;--ink:#1b1f23;--soft:#57606a;--line:#dcdfe2;--link:#0b57a4;
        --good:#17683f;--good-bg:#e3f2e9;--warn:#7a4b00;--warn-bg:#fbefd9;--bad:#a3211a;--bad-bg:#fbe6e4;--quiet-bg:#eceef0;--mark:#fdf1c7;--s-a:#b4432f;--s-b:#a8690a;--s-c:#3f74a8;--s-d:#6d5a9c;--s-e:#2f7a65;--s-f:#6f757b}
        @media (prefers-color-scheme:dark){:root{--paper:#131619;--card:#1b1f23;--ink:#e4e7ea;--soft:#a3acb5;--line:#343a40;--link:#8fbcf7;
        --good:#7bd3a4;--good-bg:#163325;--warn:#ecc06b;--warn-bg:#382a10;--bad:#ff9d94;--bad-bg:#421c19;--quiet-bg:#272c31;--mark:#4a3f14;--s-a:#e5705c;--s-b:#dda23c;--s-c:#6ea6dd;--s-d:#a48fd6;--s-e:#5cb89e;--s-f:#9aa1a8}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Noto Sans Arabic",sans-serif;overflow-wrap:anywhere}
        header,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
        header{padding-top:1rem}
        main{padding-bottom:1rem}
        main:focus{outline:none}
        footer{padding:1rem 1.25rem 2.5rem;color:var(--soft);font-size:.867rem}
        .skip{position:absolute;left:-999rem}
        .skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.4rem .8rem;z-index:1}
        a{color:var(--link);text-underline-offset:.15em}
        a:hover{text-decoration-thickness:2px}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:2px}
        h1{font-size:1.5rem;line-height:1.25;margin:.6rem 0 .3rem;font-weight:650}
        h2{font-size:1.13rem;line-height:1.3;margin:2rem 0 .5rem;font-weight:650}
        h3{font-size:1rem;margin:0;font-weight:650}
        p{margin:.4rem 0;max-width:46rem}
        .soft{color:var(--soft)}
        .small{font-size:.867rem}
        .nums,td.n,th.n{font-variant-numeric:tabular-nums}
        nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.1rem;margin:0;padding:0;align-items:baseline}
        nav .brand{font-weight:650}
        nav a{display:inline-block;padding:.35rem 0}
        nav a[aria-current]{color:var(--ink);text-decoration:none;border-bottom:2px solid var(--ink)}
        .badge{display:inline-block;padding:.05rem .55rem;border-radius:1rem;font-size:.867rem;font-weight:600;background:var(--quiet-bg);color:var(--ink);white-space:nowrap}
        .good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
        .badge.good{background:var(--good-bg)}.badge.warn{background:var(--warn-bg)}.badge.bad{background:var(--bad-bg)}
        .lead{font-size:1.13rem;margin:.5rem 0 .8rem}
        .notice{border-left:4px solid var(--line);background:var(--card);padding:.7rem 1rem;margin:1rem 0;border-radius:0 .4rem .4rem 0}
        .notice.bad{border-color:var(--bad);color:inherit}.notice.warn{border-color:var(--warn);color:inherit}.notice.good{border-color:var(--good);color:inherit}
        .figures{display:flex;flex-wrap:wrap;gap:.5rem;margin:1rem 0;padding:0}
        .figures div{background:var(--card);border:1px solid var(--line);border-radius:.4rem;padding:.45rem .9rem;min-width:7.5rem;flex:0 1 auto;display:flex;flex-direction:column-reverse;justify-content:flex-end}
        .figures dt{color:var(--soft);font-size:.867rem}
        .figures dd{margin:0;font-size:1.35rem;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
        .card{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.85rem 1.1rem;margin:.7rem 0}
        .card>header{max-width:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.1rem .7rem;align-items:baseline}
        .card .count{font-size:1.13rem;font-weight:650;font-variant-numeric:tabular-nums}
        .todo{margin:.25rem 0 .35rem}
        .todo b{font-weight:650}
        .examples{list-style:none;margin:.5rem 0 0;padding:0}
        .examples>li{border-top:1px solid var(--line);padding:.55rem 0}
        .examples>li:last-child{padding-bottom:.1rem}
        .said{display:block}
        .row{margin:.35rem 0 0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,16rem),1fr));gap:.1rem 1.2rem;font-size:.867rem}
        .row div{display:flex;gap:.5rem;padding:.06rem .3rem;border-radius:.2rem;min-width:0}
        .row dt{color:var(--soft);flex:none;max-width:45%}
        .row dd{margin:0;min-width:0;flex:1}
        .row .blamed{background:var(--mark)}
        .row .blamed dt{color:var(--ink);font-weight:600}
        details{margin:.3rem 0 0}
        summary{cursor:pointer;color:var(--link);font-size:.867rem;padding:.15rem 0}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%;background:var(--card);border:1px solid var(--line);border-radius:.4rem;margin:.6rem 0;font-size:.933rem}
        caption{text-align:left;color:var(--soft);padding:.2rem 0 .3rem}
        th,td{text-align:left;padding:.38rem .75rem;border-top:1px solid var(--line);vertical-align:top}
        thead th{white-space:nowrap;border-top:0;color:var(--soft);font-weight:600;font-size:.867rem}
        tbody th{font-weight:500}
        .runs{font-size:.9rem}.runs th,.runs td{padding:.38rem .5rem;overflow-wrap:normal}.runs time,.runs td:last-child{white-space:nowrap}.products th{min-width:9rem}.products td:last-child{min-width:8rem}
        td.n,th.n{text-align:right;white-space:nowrap}
        tfoot th,tfoot td{font-weight:650;border-top:2px solid var(--line)}
        .books{max-width:40rem}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:0 1.5rem;align-items:start}
        code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,"Noto Sans Mono",monospace}
        form.search{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end;margin:.7rem 0}
        form.search label{display:block;font-size:.867rem;color:var(--soft)}
        form.search div{flex:1 1 14rem;max-width:28rem}
        input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--soft);border-radius:.35rem;padding:.42rem .6rem;width:100%}
        button{font:inherit;font-weight:600;color:var(--card);background:var(--link);border:1px solid var(--link);border-radius:.35rem;padding:.42rem 1rem;cursor:pointer}
        .plain{list-style:none;margin:.5rem 0;padding:0}
        .plain>li{padding:.3rem 0;border-top:1px solid var(--line)}
        .plain>li:first-child{border-top:0}
        .chart{display:block;width:100%;height:auto;background:var(--card);border:1px solid var(--line);border-radius:.4rem}
        .chart text{fill:var(--soft);font-size:11px;font-family:inherit}
        .chart .axis{stroke:var(--line)}
        .s0{fill:var(--s-a);background:var(--s-a)}.s1{fill:var(--s-b);background:var(--s-b)}.s2{fill:var(--s-c);background:var(--s-c)}.s3{fill:var(--s-d);background:var(--s-d)}.s4{fill:var(--s-e);background:var(--s-e)}.s5{fill:var(--s-f);background:var(--s-f)}
        .key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;list-style:none;padding:0;margin:.5rem 0;font-size:.867rem}
        .key i{display:inline-block;width:.75rem;height:.75rem;border-radius:.15rem;margin-right:.4rem}
        .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:0 1rem}
        .cards .row{grid-template-columns:1fr}.cards .row div{padding-left:0}
        .h3{font-size:1.07rem;margin:0}
        .counts{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.4rem;margin:.6rem 0 0;padding:.5rem 0 0;border-top:1px solid var(--line)}
        .counts a,.mend a{text-decoration:none}
        .counts a:hover,.mend a:hover{text-decoration:underline}
        .counts b{font-size:1.2rem;font-variant-numeric:tabular-nums;margin-right:.15rem}
        .mend{list-style:none;margin:.5rem 0;padding:0;background:var(--card);border:1px solid var(--line);border-radius:.5rem}
        .mend li{padding:.55rem 1.1rem;border-top:1px solid var(--line)}
        .mend li:first-child{border-top:0}
        .mend b{font-size:1.07rem;margin-right:.3rem}
        .filters{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem .5rem;margin:.8rem 0;padding:0}
        .filters a{display:block;padding:.2rem .75rem;border:1px solid var(--line);border-radius:1rem;background:var(--card);text-decoration:none;font-size:.933rem}
        .filters a[aria-current]{border-color:var(--ink);color:var(--ink);font-weight:600}
        .pages{display:flex;gap:1.2rem;margin:1rem 0}
        .history{list-style:none;margin:.6rem 0;padding:0;border-left:2px solid var(--line)}
        .history>li{padding:.15rem 0 .8rem 1rem;position:relative}
        .history>li::before{content:"";position:absolute;left:-.42rem;top:.6rem;width:.7rem;height:.7rem;border-radius:50%;background:var(--soft);border:2px solid var(--paper)}
        .history>li.good::before{background:var(--good)}.history>li.bad::before{background:var(--bad)}.history>li.warn::before{background:var(--warn)}
        .history>li{color:inherit}
        @media (max-width:34rem){body{font-size:16px}header,main{padding-left:.9rem;padding-right:.9rem}footer{padding-left:.9rem;padding-right:.9rem}
        th,td{padding:.38rem .5rem}.stack thead{position:absolute;left:-999rem}.stack tr{display:block;border-top:1px solid var(--line);padding:.4rem 0}
        .stack th,.stack td{display:block;border:0;padding:.1rem .75rem;text-align:left;white-space:normal}.stack td[data-label]{display:inline-block;padding:.05rem 0 .05rem .75rem}.products th,.products td:last-child{min-width:0}.chart text{font-size:22px}.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--soft)}
        .figures div{flex:1 1 7rem}}
        @media print{body{background:#fff}.card{break-inside:avoid}nav,.skip{display:none}}
        """
}
