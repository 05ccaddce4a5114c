import glob,re,math,collections,random
rows=[]
for f in sorted(glob.glob('*.txt')):
    for l in open(f,encoding='utf8'):
        l=l.rstrip('\n')
        if not l: continue
        hard=l.startswith('!'); lang='en'
        m=re.match(r'^@(\w\w) ',l)
        if m: lang=m[1]; l=l[4:]
        t=l[1:] if hard else l
        rows.append((f.split('.')[0],hard,lang,t))
print(len(rows))
W=[collections.Counter(re.findall(r'\w+',r[3].replace('\\n',' ').lower())) for r in rows]
df=collections.Counter(w for c in W for w in c); N=len(rows)
V=[]
for c in W:
    v={w:(1+math.log(n))*math.log(N/df[w]) for w,n in c.items()}
    s=math.sqrt(sum(x*x for x in v.values())) or 1
    V.append({w:x/s for w,x in v.items()})
P=[]
for a in range(N):
    for b in range(a+1,N):
        u,v=V[a],V[b]
        if len(u)>len(v): u,v=v,u
        s=sum(x*v[w] for w,x in u.items() if w in v)
        if s>.42: P.append((s,a,b))
P.sort(reverse=True)
for s,a,b in P: print(round(s,2),rows[a][0][:8],rows[a][3][:110],'||',rows[b][0][:8],rows[b][3][:110])
# 5-fold NB
random.seed(1); idx=list(range(N)); random.shuffle(idx); ok=0; byl=collections.Counter(); tot=collections.Counter(); err=[]
def feats(t):
    w=re.findall(r'\w+',t.replace('\\n',' ').lower()); return w+[a+'_'+b for a,b in zip(w,w[1:])]
F=[feats(r[3]) for r in rows]
for k in range(5):
    te=idx[k::5]; ts=set(te); cl=collections.defaultdict(collections.Counter); pr=collections.Counter()
    for i in idx:
        if i not in ts: cl[rows[i][0]].update(F[i]); pr[rows[i][0]]+=1
    voc=len(set(w for c in cl.values() for w in c)); sm={c:sum(x.values()) for c,x in cl.items()}
    for i in te:
        sc={c:math.log(pr[c])+sum(math.log((cl[c][w]+.3)/(sm[c]+.3*voc)) for w in F[i]) for c in cl}
        p=max(sc,key=sc.get); tot[rows[i][0]]+=1; 
        if p==rows[i][0]: ok+=1; byl[p]+=1
print('NB acc',ok/N,{c:round(byl[c]/tot[c],2) for c in tot})
