import re,math,collections
exec(open('check.py').read().split("print(len(rows))")[0])
N=len(rows)
st=lambda t:[w[:5] for w in re.findall(r'\w+',t.replace('\\n',' ').lower()) if not w.isdigit()]
W=[collections.Counter(st(r[3])) for r in rows]
df=collections.Counter(w for c in W for w in c)
V=[]
for c in W:
    v={w:(1+math.log(n))*math.log(N/df[w]) for w,n in c.items()}
    s=math.sqrt(sum(x*x for x in v.values())) or 1
    V.append({w:x/s for w,x in v.items()})
par=list(range(N))
def find(a):
    while par[a]!=a: a=par[a]
    return a
def pairs(th):
    for a in range(N):
        for b in range(a+1,N):
            if rows[a][0]!=rows[b][0]: continue
            s=sum(x*V[b].get(w,0) for w,x in V[a].items())
            if s>th: yield s,a,b
