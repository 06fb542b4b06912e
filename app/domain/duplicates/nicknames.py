"""What people are called, and what stands in their papers: English, and Spanish as it is spoken in the Americas."""

# The name in the papers, and what is said instead; a short name that stands for several goes to the first one here.
_SAID = """
william: bill billy will willy willie liam
robert: bob bobby rob robbie
richard: rick ricky dick rich richie
james: jim jimmy jamie
john: jack johnny jon
joseph: joe joey
michael: mike mikey mick
thomas: tom tommy
charles: charlie chuck chas chaz
edward: ed eddie ted teddy ned
daniel: dan danny dani
david: dave davey
christopher: chris kit topher
matthew: matt
anthony: tony
andrew: andy drew
steven: steve stephen stevie
kenneth: ken kenny
ronald: ron ronnie
donald: don donnie
gregory: greg
jeffrey: jeff geoff geoffrey
benjamin: ben benny
samuel: sam sammy
nicholas: nick nicky
alexander: alex al sandy xander lex
jonathan: jonny nathan
timothy: tim
raymond: ray
lawrence: larry laurence
gerald: jerry
patrick: pat paddy
peter: pete
phillip: phil philip
walter: walt wally
frederick: fred freddy
leonard: leo lenny len
nathaniel: nate
zachary: zach zack
elizabeth: liz beth betty lizzie eliza libby elisabeth
margaret: maggie meg peggy marge
katherine: kate kathy katie kat kathryn catherine cathy katy
patricia: patty tricia trish
jennifer: jen jenny
susan: sue susie suzy
deborah: debbie deb debra
barbara: barb babs
rebecca: becky becca
jessica: jess jessie
nicole: nikki nicki nicky nichole
angela: angie
samantha: sammie sammi
melissa: missy lissa
rachel: rae
carlos: carlitos charly
kimberly: kim
victoria: vicky vicki tori tory
christina: tina christine chrissy cristina
pamela: pam
sandra: sandy
dorothy: dot dottie
theresa: terry tess teresa
judith: judy
virginia: ginny
cynthia: cindy
stephanie: steph
amanda: mandy
abigail: abby gail
jacqueline: jackie
josefa: pepa
jose: pepe che
francisco: paco pancho curro kiko frank
jesus: chucho chuy
guadalupe: lupe lupita
ignacio: nacho
enrique: quique kike henry hank
alejandro: ale jandro
manuel: manolo manny
eduardo: lalo edu
guillermo: memo
roberto: beto
alberto: berto
antonio: tono
rafael: rafa
luis: lucho
jorge: coque
fernando: nando fer
gabriel: gabo gabi
sergio: checo
vicente: chente
salvador: chava
santiago: chago santi
ramon: moncho
maria: mari marichu
mercedes: meche
dolores: lola
rosario: charo chayo
concepcion: concha conchita
consuelo: chelo
graciela: chela
isabel: chabela isa
beatriz: bety bea
soledad: chole
pilar: pili
teresita: tere
esperanza: lancha
yolanda: yoli
leticia: lety
socorro: coco
"""

CALLED = {
    short: name
    for line in reversed(_SAID.split("\n"))
    for name, _, said in [line.partition(":")]
    for short in said.split()
}
